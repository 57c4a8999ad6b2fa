//===- Encode.cpp - How writers store numbers -----------------------------===//
//
// Gigabytes pass through here: the loops have no branches, so that they vectorise. Quantising is
// rounding to nearest as ggml's references do, without its searches for better scales.
//
//===----------------------------------------------------------------------===//
#include "frontends/Files/Encode.h"
#include "dialects/Quant/Blocks.h"
#include "dialects/Quant/Half.h"
#include "llvm/ADT/bit.h"
#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>

using namespace rwkvc;

static uint16_t toBF16(float value) {
  auto bits = llvm::bit_cast<uint32_t>(value);
  return static_cast<uint16_t>((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

/// The element that is farthest from zero, with its sign.
static float extreme(const float *values, int64_t count) {
  float found = 0;
  for (int64_t i = 0; i < count; ++i)
    found = std::fabs(values[i]) > std::fabs(found) ? values[i] : found;
  return found;
}

static float inverse(float scale) { return scale == 0 ? 0 : 1 / scale; }

static void encodeQ8(const float *values, BlockQ8_0 &block) {
  float scale = std::fabs(extreme(values, 32)) / 127, factor = inverse(scale);
  block.scale = toHalf(scale);
  for (int64_t i = 0; i < 32; ++i)
    block.levels[i] = static_cast<int8_t>(std::round(values[i] * factor));
}

/// Levels are 0 to 15 and mean -8 to 7: the extreme is given -8, on whichever side of zero it lies.
static void encodeQ4(const float *values, BlockQ4_0 &block) {
  float scale = extreme(values, 32) / -8, factor = inverse(scale);
  block.scale = toHalf(scale);
  auto level = [&](float value) { return std::min(15, static_cast<int>(value * factor + 8.5f)); };
  for (int64_t i = 0; i < 16; ++i)
    block.low[i] = static_cast<uint8_t>(level(values[i]) | level(values[i + 16]) << 4);
}

/// The levels of 256 elements: quarters of each half share their bytes.
static void packQ6(const uint8_t *levels, BlockQ6_K &block) {
  for (int64_t half = 0; half < 2; ++half)
    for (int64_t i = 0; i < 32; ++i) {
      const uint8_t *at = levels + half * 128 + i;
      block.low[half * 64 + i] = (at[0] & 15) | at[64] << 4;
      block.low[half * 64 + 32 + i] = (at[32] & 15) | at[96] << 4;
      block.high[half * 32 + i] = at[0] >> 4 | at[32] >> 4 << 2 | at[64] >> 4 << 4 | at[96] >> 4 << 6;
    }
}

static void encodeQ6(const float *values, BlockQ6_K &block) {
  float scales[16];
  for (int64_t i = 0; i < 16; ++i)
    scales[i] = extreme(values + 16 * i, 16) / -32;
  float scale = extreme(scales, 16) / -128, factor = inverse(scale);
  block.scale = toHalf(scale);
  uint8_t levels[256];
  for (int64_t i = 0; i < 256; ++i) {
    if (i % 16 == 0)
      block.scales[i / 16] = static_cast<int8_t>(std::min(127.0f, std::round(scales[i / 16] * factor)));
    float step = inverse(scale * block.scales[i / 16]);
    levels[i] = static_cast<uint8_t>(std::clamp(std::round(values[i] * step), -32.0f, 31.0f) + 32);
  }
  packQ6(levels, block);
}

template <typename Stored, typename Encode>
static void encodeEach(llvm::ArrayRef<float> values, std::byte *out, Encode encode) {
  for (size_t i = 0; i < values.size(); ++i) {
    Stored stored = encode(values[i]);
    std::memcpy(out + i * sizeof(Stored), &stored, sizeof(Stored));
  }
}

template <typename Block, int64_t elements>
static void encodeBlocks(llvm::ArrayRef<float> values, std::byte *out, void (*encode)(const float *, Block &)) {
  assert(values.size() % elements == 0 && "blocks are whole");
  for (size_t i = 0; i < values.size() / elements; ++i) {
    Block block;
    encode(values.data() + i * elements, block);
    std::memcpy(out + i * sizeof(Block), &block, sizeof(Block));
  }
}

void rwkvc::encode(DType type, llvm::ArrayRef<float> values, std::byte *out) {
  switch (type) {
  case DType::F32:
    return encodeEach<float>(values, out, [](float value) { return value; });
  case DType::F16:
    return encodeEach<uint16_t>(values, out, toHalf);
  case DType::BF16:
    return encodeEach<uint16_t>(values, out, toBF16);
  case DType::Q8_0:
    return encodeBlocks<BlockQ8_0, 32>(values, out, encodeQ8);
  case DType::Q4_0:
    return encodeBlocks<BlockQ4_0, 32>(values, out, encodeQ4);
  case DType::Q6_K:
    return encodeBlocks<BlockQ6_K, 256>(values, out, encodeQ6);
  default:
    llvm_unreachable("no writer has this type");
  }
}
