// RWKV-4's weighted mean over the past, with its gradient. Sequences are [B, T, C]; w = e^time_decay and u are [C].
// Sums are kept relative to e^p, the largest exponent so far. The result does not depend on p, so on the way back p
// counts as a constant.
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  float a, b, p;
} Sums;

static inline float read_out(Sums s, float u, float k, float v, float *past, float *present, float *total) {
  float largest = fmaxf(s.p, u + k);
  *past = expf(s.p - largest);
  *present = expf(u + k - largest);
  *total = *past * s.b + *present;
  return (*past * s.a + *present * v) / *total;
}

static inline Sums pass(Sums s, float w, float k, float v, float *past, float *present) {
  float largest = fmaxf(s.p - w, k);
  *past = expf(s.p - w - largest);
  *present = expf(k - largest);
  return (Sums){*past * s.a + *present * v, *past * s.b + *present, largest};
}

void wkv4_forward(int B, int T, int C, const float *w, const float *u, const float *k, const float *v, float *y) {
  Sums *sums = malloc(C * sizeof *sums);
  for (int b = 0; b < B; b++) {
    for (int c = 0; c < C; c++)
      sums[c] = (Sums){0, 0, -1e30f};
    for (size_t at = (size_t)b * T * C, t = 0; t < (size_t)T; t++, at += C)
      for (int c = 0; c < C; c++) {
        float past, present, total;
        y[at + c] = read_out(sums[c], u[c], k[at + c], v[at + c], &past, &present, &total);
        sums[c] = pass(sums[c], w[c], k[at + c], v[at + c], &past, &present);
      }
  }
  free(sums);
}

// dw and du must be zero on entry.
void wkv4_backward(int B, int T, int C, const float *w, const float *u, const float *k, const float *v, const float *dy,
                   float *dw, float *du, float *dk, float *dv) {
  Sums *before = malloc((size_t)(T + 1) * C * sizeof *before);
  float *da = malloc(C * sizeof *da), *db = malloc(C * sizeof *db), past, present, total;
  for (int b = 0; b < B; b++) {
    size_t first = (size_t)b * T * C;
    for (int c = 0; c < C; c++)
      before[c] = (Sums){0, 0, -1e30f};
    for (int t = 0; t < T; t++)
      for (int c = 0; c < C; c++) {
        size_t at = first + (size_t)t * C + c;
        before[(t + 1) * C + c] = pass(before[t * C + c], w[c], k[at], v[at], &past, &present);
      }
    memset(da, 0, C * sizeof *da);
    memset(db, 0, C * sizeof *db);
    for (int t = T - 1; t >= 0; t--)
      for (int c = 0; c < C; c++) {
        size_t at = first + (size_t)t * C + c;
        Sums s = before[t * C + c];
        pass(s, w[c], k[at], v[at], &past, &present);
        dv[at] = da[c] * present;
        dk[at] = present * (da[c] * v[at] + db[c]);
        dw[c] -= past * (da[c] * s.a + db[c] * s.b);
        da[c] *= past;
        db[c] *= past;
        float y = read_out(s, u[c], k[at], v[at], &past, &present, &total), g = dy[at] / total;
        float dpresent = present * g * (v[at] - y);
        dv[at] += g * present;
        dk[at] += dpresent;
        du[c] += dpresent;
        da[c] += g * past;
        db[c] -= g * past * y;
      }
  }
  free(before);
  free(da);
  free(db);
}
