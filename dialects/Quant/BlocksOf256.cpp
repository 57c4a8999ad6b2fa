//===- BlocksOf256.cpp - Values of ggml's K types -------------------------===//
//
// level * (scale * unit), and for Q2_K, Q4_K and Q5_K less an offset that has a scale of its own. Products have up to
// 25 bits, so that they are computed in f64 and rounded once.
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

namespace {
/// What the levels of a group stand for.
struct Line {
  double unit, offset;
  float at(int level) const { return float(level * unit - offset); }
};
} // namespace

void rwkvc::widenQ2_K(const std::byte *bytes, float *out) {
  auto block = load<BlockQ2_K>(bytes);
  double unit = fromHalf(block.scale), offset = fromHalf(block.offset);
  for (int group = 0; group < 16; ++group) {
    // Of each half of the elements, the first 32 have the lowest bits of 32 bytes, the next 32 those above.
    const uint8_t *low = block.low + group / 8 * 32 + group % 2 * 16;
    int shift = group % 8 / 2 * 2;
    Line line{unit * (block.scales[group] & 15), offset * (block.scales[group] >> 4)};
    for (int i = 0; i < 16; ++i)
      out[group * 16 + i] = line.at(low[i] >> shift & 3);
  }
}

/// Four bits of a scale are in the first eight bytes, below or above; two more are in the last four.
static int scaleQ3(const uint8_t *scales, int group) {
  int low = group < 8 ? scales[group] & 15 : scales[group - 8] >> 4;
  int high = scales[8 + group % 4] >> group / 4 * 2 & 3;
  return (low | high << 4) - 32;
}

void rwkvc::widenQ3_K(const std::byte *bytes, float *out) {
  auto block = load<BlockQ3_K>(bytes);
  double unit = fromHalf(block.scale);
  for (int group = 0; group < 16; ++group) {
    const uint8_t *low = block.low + group / 8 * 32 + group % 2 * 16, *high = block.high + group % 2 * 16;
    int shift = group % 8 / 2 * 2, bit = group / 2;
    Line line{unit * scaleQ3(block.scales, group), 0};
    for (int i = 0; i < 16; ++i)
      out[group * 16 + i] = line.at((low[i] >> shift & 3) + (high[i] >> bit & 1) * 4 - 4);
  }
}

/// Group `i` of eight: of the first four, scale and offset have bytes of their own, whose upper bits are those of the
/// last four.
static Line lineOf(const uint8_t *scales, int i, double unit, double offset) {
  int scale = i < 4 ? scales[i] & 63 : (scales[i + 4] & 15) | scales[i - 4] >> 6 << 4;
  int least = i < 4 ? scales[i + 4] & 63 : scales[i + 4] >> 4 | scales[i] >> 6 << 4;
  return {unit * scale, offset * least};
}

void rwkvc::widenQ4_K(const std::byte *bytes, float *out) {
  auto block = load<BlockQ4_K>(bytes);
  double unit = fromHalf(block.scale), offset = fromHalf(block.offset);
  for (int group = 0; group < 8; ++group) {
    const uint8_t *low = block.low + group / 2 * 32;
    Line line = lineOf(block.scales, group, unit, offset);
    for (int i = 0; i < 32; ++i)
      out[group * 32 + i] = line.at(low[i] >> group % 2 * 4 & 15);
  }
}

void rwkvc::widenQ5_K(const std::byte *bytes, float *out) {
  auto block = load<BlockQ5_K>(bytes);
  double unit = fromHalf(block.scale), offset = fromHalf(block.offset);
  for (int group = 0; group < 8; ++group) {
    const uint8_t *low = block.low + group / 2 * 32;
    Line line = lineOf(block.scales, group, unit, offset);
    for (int i = 0; i < 32; ++i)
      out[group * 32 + i] = line.at((low[i] >> group % 2 * 4 & 15) | (block.high[i] >> group & 1) << 4);
  }
}

void rwkvc::widenQ6_K(const std::byte *bytes, float *out) {
  auto block = load<BlockQ6_K>(bytes);
  double unit = fromHalf(block.scale);
  for (int group = 0; group < 16; ++group) {
    // A half of the elements is four quarters of 32: two in the lower and two in the upper bits of 64 bytes.
    int half = group / 8, quarter = group % 8 / 2, first = group % 2 * 16;
    const uint8_t *low = block.low + half * 64 + quarter % 2 * 32 + first, *high = block.high + half * 32 + first;
    Line line{unit * block.scales[group], 0};
    for (int i = 0; i < 16; ++i)
      out[group * 16 + i] = line.at((low[i] >> quarter / 2 * 4 & 15) + ((high[i] >> quarter * 2 & 3) << 4) - 32);
  }
}
