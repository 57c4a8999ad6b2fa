// Stands for ggml: q8_0 has blocks of 32 with 34 bytes, q4_0 the same with coarser levels, q4_K blocks of 256.
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static int has_tables;
struct params {
  size_t size;
  void *buffer;
  _Bool no_alloc;
};
void *ggml_init(struct params params) {
  has_tables = params.size && !params.buffer && !params.no_alloc;
  return &has_tables;
}

enum { q4_0 = 2, q8_0 = 8, q4_K = 12 };
int64_t ggml_blck_size(int type) { return type == q4_K ? 256 : type == 1 ? 1 : 32; }
size_t ggml_type_size(int type) { return type == q4_K ? 144 : type == 1 ? 2 : type == q4_0 ? 18 : 34; }
size_t ggml_row_size(int type, int64_t columns) { return (size_t)columns / 32 * 36 + 0 * (size_t)type; }

// A float for the scale and 32 levels.
static void quantise(const float *values, char *block, int most) {
  float largest = 0;
  for (int i = 0; i < 32; ++i)
    largest = fabsf(values[i]) > largest ? fabsf(values[i]) : largest;
  float scale = largest / (float)most;
  memcpy(block, &scale, 4);
  for (int i = 0; i < 32; ++i)
    block[4 + i] = (char)lrintf(values[i] / scale);
}
size_t ggml_quantize_chunk(int type, const float *from, void *to, int64_t start, int64_t rows, int64_t columns,
                           const float *importance) {
  if (start != 0 || importance)
    abort();
  for (int64_t i = 0; i < rows * columns / 32; ++i)
    quantise(from + 32 * i, (char *)to + 36 * i, type == q8_0 ? 127 : 7);
  return (size_t)(rows * columns / 32 * 36);
}
void dequantize_row_q8_0(const void *from, float *to, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    const char *block = (const char *)from + i / 32 * 36;
    float scale;
    memcpy(&scale, block, 4);
    to[i] = has_tables ? scale * (float)(signed char)block[4 + i % 32] : 0;
  }
}
void dequantize_row_q4_0(const void *from, float *to, int64_t count) { dequantize_row_q8_0(from, to, count); }
