// One token of S = S diag(w) + (S a) b^T + v k^T, y = S r, forward and back. N, a multiple of 16, is given by -DN=.
// Forward keeps a state as [key][value], because sums then run down its columns; the way back, which needs other
// sums and knows S a already, as [value][key].
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 32 }; // a state is saved every so many tokens; those between are made again on the way back
enum { M = N / 16 };
typedef float lanes __attribute__((vector_size(64)));
typedef float loose __attribute__((vector_size(64), aligned(4)));
typedef float vec[N] __attribute__((aligned(64)));
typedef struct {
  lanes at[M];
} row;

static inline row load(const float *x) {
  row r;
  for (int m = 0; m < M; m++)
    r.at[m] = ((const loose *)x)[m];
  return r;
}

static inline void store(float *x, row r) {
  for (int m = 0; m < M; m++)
    ((loose *)x)[m] = r.at[m];
}

static inline float sum(const float *x) {
  float total = 0;
  for (int i = 0; i < N; i++)
    total += x[i];
  return total;
}

static inline float dot(const float *x, const float *y) {
  float total = 0;
  for (int i = 0; i < N; i++)
    total += x[i] * y[i];
  return total;
}

static inline float total(row x, row y) {
  lanes all = x.at[0] * y.at[0];
  for (int m = 1; m < M; m++)
    all += x.at[m] * y.at[m];
  float sum = 0;
  for (int i = 0; i < 16; i++)
    sum += all[i];
  return sum;
}

static inline void advance(vec *restrict after, const vec *restrict before, float *restrict sa, float *restrict y,
                           const float *r, const float *w, const float *k, const float *v, const float *a,
                           const float *b) {
  row erased = {0}, out = {0}, value = load(v);
  for (int j = 0; j < N; j++)
    for (int m = 0; m < M; m++)
      erased.at[m] += ((const lanes *)before[j])[m] * a[j];
  for (int j = 0; j < N; j++)
    for (int m = 0; m < M; m++) {
      lanes s = ((const lanes *)before[j])[m] * w[j] + erased.at[m] * b[j] + value.at[m] * k[j];
      ((lanes *)after[j])[m] = s;
      out.at[m] += s * r[j];
    }
  store(sa, erased);
  store(y, out);
}

static inline void transpose(vec *restrict to, const vec *restrict from) {
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++)
      to[i][j] = from[j][i];
}

static inline void advance_again(vec *restrict after, const vec *restrict before, const float *sa, const float *w,
                                 const float *k, const float *v, const float *b) {
  row decay = load(w), key = load(k), removal = load(b);
  for (int i = 0; i < N; i++)
    for (int m = 0; m < M; m++)
      ((lanes *)after[i])[m] = ((const lanes *)before[i])[m] * decay.at[m] + sa[i] * removal.at[m] + v[i] * key.at[m];
}

// dS comes in as the gradient of `after` from later tokens, and leaves as that of `before`.
static inline void retreat(vec *restrict dS, const vec *restrict after, const vec *restrict before, const float *sa,
                           const float *r, const float *w, const float *k, const float *v, const float *a,
                           const float *b, const float *dy, float *restrict dr, float *restrict dw, float *restrict dk,
                           float *restrict dv, float *restrict da, float *restrict db) {
  row r_ = load(r), w_ = load(w), k_ = load(k), a_ = load(a), b_ = load(b);
  row dr_ = {0}, dw_ = {0}, dk_ = {0}, da_ = {0}, db_ = {0};
  for (int i = 0; i < N; i++) {
    row g = load(dS[i]), was = load(before[i]), is = load(after[i]);
    for (int m = 0; m < M; m++) {
      g.at[m] += r_.at[m] * dy[i];
      dr_.at[m] += is.at[m] * dy[i];
      dw_.at[m] += was.at[m] * g.at[m];
      dk_.at[m] += g.at[m] * v[i];
      db_.at[m] += g.at[m] * sa[i];
    }
    dv[i] = total(g, k_);
    float dsa = total(g, b_);
    for (int m = 0; m < M; m++) {
      da_.at[m] += was.at[m] * dsa;
      g.at[m] = g.at[m] * w_.at[m] + dsa * a_.at[m];
    }
    store(dS[i], g);
  }
  store(dr, dr_);
  store(dw, dw_);
  store(dk, dk_);
  store(da, da_);
  store(db, db_);
}
