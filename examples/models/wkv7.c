// The heart of RWKV-7's time mix for training: from r, k, v and the low-rank outputs for decay and removal to the
// normalised heads with the bonus. Fused, because its steps are many and each alone is bound by memory.
// Sequences are [B, T, C]; parameters are seven rows [7, C]: w0, a0, k_k, k_a, r_k, and the group norm's two.
#include "wkv_step.h"
#include <math.h>

enum { W0, A0, KK, KA, RK, GW, GB, PARAMETERS };
static const float kRate = 0.6065306597f, kGroupEpsilon = 64e-5f;

typedef struct {
  vec w, sigma, a, direction, key, minus, removal, sa, y, normal;
  float norm, deviation, bonus;
} Token;

static inline void prepare(Token *t, const float *p, int C, const float *r, const float *lw, const float *k,
                           const float *la) {
  vec q, weighted;
  for (int i = 0; i < N; i++) {
    t->sigma[i] = 1 / (1 + expf(-(p[W0 * C + i] + lw[i])));
    t->a[i] = 1 / (1 + expf(-(p[A0 * C + i] + la[i])));
    t->w[i] = expf(-kRate * t->sigma[i]);
    q[i] = k[i] * p[KK * C + i];
    t->key[i] = k[i] * (1 + (t->a[i] - 1) * p[KA * C + i]);
    weighted[i] = r[i] * t->key[i] * p[RK * C + i];
  }
  t->bonus = sum(weighted);
  t->norm = fmaxf(sqrtf(dot(q, q)), 1e-12f);
  for (int i = 0; i < N; i++) {
    t->direction[i] = q[i] / t->norm;
    t->minus[i] = -t->direction[i];
    t->removal[i] = t->direction[i] * t->a[i];
  }
}

static inline void normalise(Token *t) {
  float mean = sum(t->y) / N;
  for (int i = 0; i < N; i++)
    t->normal[i] = t->y[i] - mean;
  t->deviation = 1 / sqrtf(dot(t->normal, t->normal) / N + kGroupEpsilon);
  for (int i = 0; i < N; i++)
    t->normal[i] *= t->deviation;
}

// For the way back, `states` gets the state before every CHUNK-th token, [B * H, chunks, N, N], and `erased` and
// `read`, shaped like sequences, S a and S r.
void wkv7_forward(int B, int T, int H, const float *params, const float *r, const float *lw, const float *k,
                  const float *v, const float *la, float *out, float *states, float *erased, float *read) {
  vec(*S)[N] = aligned_alloc(64, 2 * sizeof *S);
  int C = H * N;
  Token token;
  for (int n = 0; n < B * H; n++) {
    size_t at = (size_t)(n / H) * T * C + (size_t)(n % H) * N;
    const float *p = params + (n % H) * N;
    memset(S, 0, 2 * sizeof *S);
    for (int t = 0; t < T; t++, at += C) {
      if (t % CHUNK == 0) {
        memcpy(states, S[t & 1], sizeof *S);
        states += N * N;
      }
      prepare(&token, p, C, r + at, lw + at, k + at, la + at);
      advance(S[(t + 1) & 1], (const vec *)S[t & 1], token.sa, token.y, r + at, token.w, token.key, v + at, token.minus,
              token.removal);
      memcpy(erased + at, token.sa, sizeof token.sa);
      memcpy(read + at, token.y, sizeof token.y);
      normalise(&token);
      for (int i = 0; i < N; i++)
        out[at + i] = token.normal[i] * p[GW * C + i] + p[GB * C + i] + token.bonus * v[at + i];
    }
  }
  free(S);
}

static void token_back(const Token *t, vec *dS, const vec *after, const vec *before, const float *p, float *dp, int C,
                       const float *r, const float *k, const float *v, const float *dout, float *dr, float *dlw,
                       float *dk, float *dv, float *dla) {
  vec dnormal, dy, dw, dkey, dminus, dremoval, ddirection;
  for (int i = 0; i < N; i++) {
    dp[GW * C + i] += dout[i] * t->normal[i];
    dp[GB * C + i] += dout[i];
    dnormal[i] = dout[i] * p[GW * C + i];
  }
  float mean = sum(dnormal) / N, along = dot(dnormal, t->normal) / N, dbonus = dot(dout, v);
  for (int i = 0; i < N; i++)
    dy[i] = t->deviation * (dnormal[i] - mean - t->normal[i] * along);
  retreat(dS, after, before, t->sa, r, t->w, t->key, v, t->minus, t->removal, dy, dr, dw, dkey, dv, dminus, dremoval);
  for (int i = 0; i < N; i++)
    ddirection[i] = dremoval[i] * t->a[i] - dminus[i];
  along = dot(ddirection, t->direction);
  for (int i = 0; i < N; i++) {
    dv[i] += dout[i] * t->bonus;
    dr[i] += dbonus * t->key[i] * p[RK * C + i];
    dkey[i] += dbonus * r[i] * p[RK * C + i];
    dp[RK * C + i] += dbonus * r[i] * t->key[i];
    float dq = (ddirection[i] - t->direction[i] * along) / t->norm;
    float da = dremoval[i] * t->direction[i] + dkey[i] * k[i] * p[KA * C + i];
    dk[i] = dkey[i] * (1 + (t->a[i] - 1) * p[KA * C + i]) + dq * p[KK * C + i];
    dp[KA * C + i] += dkey[i] * k[i] * (t->a[i] - 1);
    dp[KK * C + i] += dq * k[i];
    dla[i] = da * t->a[i] * (1 - t->a[i]);
    dlw[i] = -kRate * dw[i] * t->w[i] * t->sigma[i] * (1 - t->sigma[i]);
    dp[A0 * C + i] += dla[i];
    dp[W0 * C + i] += dlw[i];
  }
}

// dparams must be zero on entry.
void wkv7_backward(int B, int T, int H, const float *params, const float *r, const float *lw, const float *k,
                   const float *v, const float *la, const float *states, const float *erased, const float *read,
                   const float *dout, float *dparams, float *dr, float *dlw, float *dk, float *dv, float *dla) {
  vec(*S)[N] = aligned_alloc(64, (CHUNK + 1) * sizeof *S), *dS = aligned_alloc(64, sizeof *S);
  Token *tokens = aligned_alloc(64, (CHUNK * sizeof *tokens + 63) / 64 * 64);
  int C = H * N, chunks = (T + CHUNK - 1) / CHUNK;
  for (int n = 0; n < B * H; n++) {
    size_t first = (size_t)(n / H) * T * C + (size_t)(n % H) * N;
    const float *p = params + (n % H) * N;
    memset(dS, 0, sizeof *S);
    for (int chunk = chunks - 1; chunk >= 0; chunk--) {
      int start = chunk * CHUNK, count = T - start < CHUNK ? T - start : CHUNK;
      transpose(S[0], (const vec *)(states + ((size_t)n * chunks + chunk) * N * N));
      for (int t = 0; t < count; t++) {
        size_t at = first + (size_t)(start + t) * C;
        Token *token = &tokens[t];
        prepare(token, p, C, r + at, lw + at, k + at, la + at);
        memcpy(token->sa, erased + at, sizeof token->sa);
        memcpy(token->y, read + at, sizeof token->y);
        advance_again(S[t + 1], (const vec *)S[t], token->sa, token->w, token->key, v + at, token->removal);
        normalise(token);
      }
      for (int t = count - 1; t >= 0; t--) {
        size_t at = first + (size_t)(start + t) * C;
        token_back(&tokens[t], dS, (const vec *)S[t + 1], (const vec *)S[t], p, dparams + (n % H) * N, C, r + at,
                   k + at, v + at, dout + at, dr + at, dlw + at, dk + at, dv + at, dla + at);
      }
    }
  }
  free(S);
  free(dS);
  free(tokens);
}
