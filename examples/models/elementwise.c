// Elementwise steps that torch would do in several passes over memory. All arrays are [B, T, C] of float.
#include <stddef.h>
#include <string.h>

// out[m] = x + (before - x) * mu[m], where before is x one token earlier, and zero at the first.
void mix_forward(int B, int T, int C, int M, const float *x, const float *mu, float *out) {
  size_t size = (size_t)B * T * C;
  float zero[C];
  memset(zero, 0, sizeof zero);
  for (int row = 0; row < B * T; row++) {
    const float *now = x + (size_t)row * C, *before = row % T ? now - C : zero;
    for (int m = 0; m < M; m++) {
      float *restrict o = out + m * size + (size_t)row * C;
      const float *u = mu + m * C;
      for (int c = 0; c < C; c++)
        o[c] = now[c] + (before[c] - now[c]) * u[c];
    }
  }
}

// dx must be zero on entry, dmu [M, C] too.
void mix_backward(int B, int T, int C, int M, const float *x, const float *mu, const float *const *dout, float *dx,
                  float *dmu) {
  float zero[C], past[C];
  memset(zero, 0, sizeof zero);
  for (int row = 0; row < B * T; row++) {
    const float *now = x + (size_t)row * C, *before = row % T ? now - C : zero;
    float *restrict dnow = dx + (size_t)row * C;
    memset(past, 0, sizeof past);
    for (int m = 0; m < M; m++) {
      const float *g = dout[m] + (size_t)row * C, *u = mu + m * C;
      float *restrict du = dmu + m * C;
      for (int c = 0; c < C; c++) {
        du[c] += g[c] * (before[c] - now[c]);
        dnow[c] += g[c] * (1 - u[c]);
        past[c] += g[c] * u[c];
      }
    }
    if (row % T)
      for (int c = 0; c < C; c++)
        dnow[c - C] += past[c];
  }
}

void squared_relu_forward(size_t count, const float *x, float *y) {
  for (size_t i = 0; i < count; i++)
    y[i] = x[i] > 0 ? x[i] * x[i] : 0;
}

void squared_relu_backward(size_t count, const float *x, const float *dy, float *dx) {
  for (size_t i = 0; i < count; i++)
    dx[i] = x[i] > 0 ? 2 * x[i] * dy[i] : 0;
}
