//===- Blocks.h - ggml's blocks of quantised elements -----------*- C++ -*-===//
//
// Their bytes, as files have them. Scales are IEEE halves. Blocks of 32 elements have one scale; those of 256, the
// "K" types, have one for each 16 or 32 elements, an integer in units of the block's.
//
//===----------------------------------------------------------------------===//
#ifndef DIALECTS_QUANT_BLOCKS_H
#define DIALECTS_QUANT_BLOCKS_H

#include <cstddef>
#include <cstdint>

namespace rwkvc {

// Of 32. In `low`, element i is below element i + 16; in `high`, a bit an element.
struct BlockQ4_0 {
  uint16_t scale;
  uint8_t low[16];
};
struct BlockQ4_1 {
  uint16_t scale, least;
  uint8_t low[16];
};
struct BlockQ5_0 {
  uint16_t scale;
  uint8_t high[4], low[16];
};
struct BlockQ5_1 {
  uint16_t scale, least;
  uint8_t high[4], low[16];
};
struct BlockQ8_0 {
  uint16_t scale;
  int8_t levels[32];
};

// Of 256.
struct BlockQ2_K {
  uint8_t scales[16]; // of 16 elements each: scale below, what is taken off above
  uint8_t low[64];
  uint16_t scale, offset;
};
struct BlockQ3_K {
  uint8_t high[32], low[64];
  uint8_t scales[12]; // of 16 elements each: sixteen of 6 bits
  uint16_t scale;
};
struct BlockQ4_K {
  uint16_t scale, offset;
  uint8_t scales[12]; // of 32 elements each: eight pairs of 6 bits
  uint8_t low[128];
};
struct BlockQ5_K {
  uint16_t scale, offset;
  uint8_t scales[12]; // as those of Q4_K
  uint8_t high[32], low[128];
};
struct BlockQ6_K {
  uint8_t low[128], high[64];
  int8_t scales[16]; // of 16 elements each
  uint16_t scale;
};

static_assert(sizeof(BlockQ4_0) == 18 && sizeof(BlockQ4_1) == 20 && sizeof(BlockQ5_0) == 22 &&
              sizeof(BlockQ5_1) == 24 && sizeof(BlockQ8_0) == 34);
static_assert(sizeof(BlockQ2_K) == 84 && sizeof(BlockQ3_K) == 110 && sizeof(BlockQ4_K) == 144 &&
              sizeof(BlockQ5_K) == 176 && sizeof(BlockQ6_K) == 210);

// BlocksOf32.cpp
void widenQ4_0(const std::byte *block, float *out);
void widenQ4_1(const std::byte *block, float *out);
void widenQ5_0(const std::byte *block, float *out);
void widenQ5_1(const std::byte *block, float *out);
void widenQ8_0(const std::byte *block, float *out);

// BlocksOf256.cpp
void widenQ2_K(const std::byte *block, float *out);
void widenQ3_K(const std::byte *block, float *out);
void widenQ4_K(const std::byte *block, float *out);
void widenQ5_K(const std::byte *block, float *out);
void widenQ6_K(const std::byte *block, float *out);

} // namespace rwkvc

#endif // DIALECTS_QUANT_BLOCKS_H
