// Multiplies rows with and without zeros, by kernels that skip zeros and by kernels that do not.
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OUTPUTS = 200, BLOCKS = 2, INPUTS = 300, ROWS = 7, WIDTH = 256 };

typedef void Gemm(const float *x, const uint8_t *weights, float *out, int64_t firstRow, int64_t endRow,
                  int64_t firstUnit, int64_t endUnit);
#define KERNELS(format) gemm_##format##_skip, gemm_##format##_all, gemm_##format##_few, gemm_##format##_many
extern Gemm KERNELS(f32),
    KERNELS(f16),
    KERNELS(bf16),
    KERNELS(q8),
    KERNELS(q4);

static const struct Format {
  const char *name;
  Gemm *skip, *all, *few, *many; // of one row, or of more
  int bits, levelOutputs;
} formats[] = {{"f32", KERNELS(f32), 32, 0},
               {"f16", KERNELS(f16), 16, 0},
               {"bf16", KERNELS(bf16), 16, 0},
               {"q8", KERNELS(q8), 8, 32},
               {"q4", KERNELS(q4), 4, 16}};

static uint32_t state = 1;
static uint32_t draw(void) { return (state = state * 1664525u + 1013904223u) >> 8; }

// Any bytes are codes and levels; floats need exponents that are theirs.
static void fill(uint8_t *weights, size_t bytes, const struct Format *format) {
  for (size_t i = 0; i < bytes; ++i)
    weights[i] = (uint8_t)draw();
  for (size_t i = 0; format->bits == 32 && i < bytes / 4; ++i)
    ((float *)weights)[i] = (float)draw() / 8388608.0f - 1;
  for (size_t i = 1; format->bits == 16 && i < bytes; i += 2)
    weights[i] = (weights[i] & 0x80) | 0x3c;
  for (size_t i = 0; format->levelOutputs && i < WIDTH; ++i)
    ((float *)weights)[i] = 0.01f + (float)i / 1000;
}

static const char *compare(const struct Format *format, double zeros) {
  static float x[ROWS][INPUTS], expected[ROWS][OUTPUTS], found[ROWS][OUTPUTS];
  size_t piece = WIDTH * format->bits / 8 + (format->levelOutputs ? WIDTH / format->levelOutputs : 0);
  size_t bytes = (format->levelOutputs ? WIDTH * 4 : 0) + INPUTS * ((piece + 63) / 64 * 64);
  uint8_t *weights = aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
  fill(weights, bytes, format);
  for (int i = 0; i < ROWS * INPUTS; ++i) {
    float value = (float)draw() / 16777216.0f + 0.01f; // positive, so that sums do not cancel
    (&x[0][0])[i] = draw() < zeros * 16777216 ? 0 : value;
  }
  const char *result = NULL;
  for (int row = 0; row < ROWS; ++row) {
    format->all(&x[0][0], weights, &expected[0][0], row, row + 1, 0, BLOCKS);
    for (int split = 0; split <= BLOCKS; ++split) {
      memset(found[row], 0xff, sizeof found[row]);
      format->skip(&x[0][0], weights, &found[0][0], row, row + 1, 0, split);
      format->skip(&x[0][0], weights, &found[0][0], row, row + 1, split, BLOCKS);
      if (memcmp(found[row], expected[row], sizeof found[row]))
        result = "a row whose zeros are skipped differs";
    }
  }
  Gemm *several[] = {format->few, format->many};
  for (int i = 0; i < 2 * ROWS * OUTPUTS; ++i) {
    if (i % (ROWS * OUTPUTS) == 0) {
      memset(found, 0xff, sizeof found);
      several[i != 0](&x[0][0], weights, &found[0][0], 0, ROWS, 0, 1);
      several[i != 0](&x[0][0], weights, &found[0][0], 0, ROWS, 1, BLOCKS);
    }
    // An input adds at most |x w|; each of its two roundings errs by 2^-24 of the sum so far.
    int at = i % (ROWS * OUTPUTS);
    double exact = (&expected[0][0])[at], most = format->levelOutputs ? 127.0 * 127 * 0.3 : 2;
    if (!(fabs((&found[0][0])[at] - exact) <= most * INPUTS * INPUTS * 3e-7) || exact == 0 && zeros < 1)
      result = i < ROWS * OUTPUTS ? "a few rows differ" : "many rows differ";
  }
  free(weights);
  return result;
}

int main(void) {
  for (size_t i = 0; i < sizeof formats / sizeof *formats; ++i) {
    const char *result = NULL;
    for (int percent = 0; percent <= 100 && !result; percent += 20)
      result = compare(&formats[i], percent / 100.0);
    printf("%s: %s\n", formats[i].name, result ? result : "alike");
  }
}
