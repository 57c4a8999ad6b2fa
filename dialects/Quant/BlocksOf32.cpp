//===- BlocksOf32.cpp - Values of ggml's blocks of 32 ---------------------===//
//
// Q4_0, Q5_0, Q8_0: level * scale, with levels around 0. Q4_1, Q5_1: level * scale + least. A product of a level and a
// half is an f32; the sum with another half need not be.
//
//===----------------------------------------------------------------------===//
#include "dialects/Quant/Blocks.h"
#include "dialects/Quant/Half.h"
#include <cstring>

using namespace rwkvc;

template <typename Block> static Block load(const std::byte *bytes) {
  Block block;
  std::memcpy(&block, bytes, sizeof(Block));
  return block;
}

/// The fifth bits, each where it counts 16.
static void addHigh(const uint8_t *high, uint8_t *levels) {
  for (int i = 0; i < 32; ++i)
    levels[i] |= (high[i / 8] >> i % 8 & 1) << 4;
}

static void unpackLow(const uint8_t *low, uint8_t *levels) {
  for (int i = 0; i < 16; ++i) {
    levels[i] = low[i] & 15;
    levels[i + 16] = low[i] >> 4;
  }
}

static void scaled(const uint8_t *levels, int zero, uint16_t scale, float *out) {
  float unit = fromHalf(scale);
  for (int i = 0; i < 32; ++i)
    out[i] = float(levels[i] - zero) * unit;
}

static void shifted(const uint8_t *levels, uint16_t scale, uint16_t least, float *out) {
  double unit = fromHalf(scale), first = fromHalf(least);
  for (int i = 0; i < 32; ++i)
    out[i] = float(levels[i] * unit + first);
}

void rwkvc::widenQ4_0(const std::byte *bytes, float *out) {
  auto block = load<BlockQ4_0>(bytes);
  uint8_t levels[32];
  unpackLow(block.low, levels);
  scaled(levels, 8, block.scale, out);
}

void rwkvc::widenQ4_1(const std::byte *bytes, float *out) {
  auto block = load<BlockQ4_1>(bytes);
  uint8_t levels[32];
  unpackLow(block.low, levels);
  shifted(levels, block.scale, block.least, out);
}

void rwkvc::widenQ5_0(const std::byte *bytes, float *out) {
  auto block = load<BlockQ5_0>(bytes);
  uint8_t levels[32];
  unpackLow(block.low, levels);
  addHigh(block.high, levels);
  scaled(levels, 16, block.scale, out);
}

void rwkvc::widenQ5_1(const std::byte *bytes, float *out) {
  auto block = load<BlockQ5_1>(bytes);
  uint8_t levels[32];
  unpackLow(block.low, levels);
  addHigh(block.high, levels);
  shifted(levels, block.scale, block.least, out);
}

void rwkvc::widenQ8_0(const std::byte *bytes, float *out) {
  auto block = load<BlockQ8_0>(bytes);
  float unit = fromHalf(block.scale);
  for (int i = 0; i < 32; ++i)
    out[i] = float(block.levels[i]) * unit;
}
