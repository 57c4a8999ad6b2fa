// The recurrence of RWKV-5.2 and 6 with its gradient, for training on a CPU: for each sequence and head
//   S = S diag(w) + (S a) b^T + v k^T,   y = S r,   S = 0 before the first token.
// Sequences are [B, T, H, N]. `states` gets the state before every CHUNK-th token, [B * H, chunks, N, N], and `erased`,
// shaped like a sequence, S a.
#include "wkv_step.h"

void wkv_forward(int B, int T, int H, const float *r, const float *w, const float *k, const float *v, const float *a,
                 const float *b, float *y, float *states, float *erased) {
  vec(*S)[N] = aligned_alloc(64, 2 * sizeof *S);
  for (int n = 0; n < B * H; n++) {
    size_t at = (size_t)(n / H) * T * H * N + (size_t)(n % H) * N;
    memset(S, 0, 2 * sizeof *S);
    for (int t = 0; t < T; t++, at += (size_t)H * N) {
      if (t % CHUNK == 0) {
        memcpy(states, S[t & 1], sizeof *S);
        states += N * N;
      }
      advance(S[(t + 1) & 1], (const vec *)S[t & 1], erased + at, y + at, r + at, w + at, k + at, v + at, a + at,
              b + at);
    }
  }
  free(S);
}

void wkv_backward(int B, int T, int H, const float *r, const float *w, const float *k, const float *v, const float *a,
                  const float *b, const float *states, const float *erased, const float *dy, float *dr, float *dw,
                  float *dk, float *dv, float *da, float *db) {
  vec(*S)[N] = aligned_alloc(64, (CHUNK + 1) * sizeof *S), *dS = aligned_alloc(64, sizeof *S);
  int chunks = (T + CHUNK - 1) / CHUNK;
  for (int n = 0; n < B * H; n++) {
    size_t first = (size_t)(n / H) * T * H * N + (size_t)(n % H) * N;
    memset(dS, 0, sizeof *S);
    for (int chunk = chunks - 1; chunk >= 0; chunk--) {
      int start = chunk * CHUNK, count = T - start < CHUNK ? T - start : CHUNK;
      transpose(S[0], (const vec *)(states + ((size_t)n * chunks + chunk) * N * N));
      for (int t = 0; t < count; t++) {
        size_t at = first + (size_t)(start + t) * H * N;
        advance_again(S[t + 1], (const vec *)S[t], erased + at, w + at, k + at, v + at, b + at);
      }
      for (int t = count - 1; t >= 0; t--) {
        size_t at = first + (size_t)(start + t) * H * N;
        retreat(dS, (const vec *)S[t + 1], (const vec *)S[t], erased + at, r + at, w + at, k + at, v + at, a + at,
                b + at, dy + at, dr + at, dw + at, dk + at, dv + at, da + at, db + at);
      }
    }
  }
  free(S);
  free(dS);
}
