//===- StoredTypes.cpp - How containers store numbers ---------------------===//
//
// Gigabytes pass through here: the loops have no branches, so that they vectorise. Quantising is
// rounding to nearest as ggml's references do, without its searches for better scales.
//
//===----------------------------------------------------------------------===//
#include "frontends/Files/StoredTypes.h"
#include "llvm/ADT/bit.h"
#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>
#include <iterator>

using namespace rwkvc;

namespace {

struct Facts {
  const char *name;
  int64_t elements, bytes;
};

struct BlockQ8 {
  uint16_t scale;
  int8_t levels[32];
};

struct BlockQ4 {
  uint16_t scale;
  uint8_t levels[16]; // element i below element i + 16
};

struct BlockQ6 {
  uint8_t low[128], high[64]; // 4 and 2 bits a level
  int8_t scales[16];          // of 16 elements each, in units of `scale`
  uint16_t scale;
};

} // namespace

static constexpr Facts facts[] = {{"f32", 1, 4},    {"f16", 1, 2},    {"bf16", 1, 2},
                                  {"q8_0", 32, 34}, {"q4_0", 32, 18}, {"q6_k", 256, 210}};
static_assert(sizeof(BlockQ8) == 34 && sizeof(BlockQ4) == 18 && sizeof(BlockQ6) == 210);

static const Facts &factsOf(StoredType type) { return facts[static_cast<size_t>(type)]; }

llvm::StringRef rwkvc::name(StoredType type) { return factsOf(type).name; }
int64_t rwkvc::blockElements(StoredType type) { return factsOf(type).elements; }
int64_t rwkvc::blockBytes(StoredType type) { return factsOf(type).bytes; }

int64_t rwkvc::storedBytes(StoredType type, int64_t elements) {
  assert(elements % blockElements(type) == 0 && "blocks are whole");
  return elements / blockElements(type) * blockBytes(type);
}

static uint16_t toBF16(float value) {
  auto bits = llvm::bit_cast<uint32_t>(value);
  return static_cast<uint16_t>((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

static uint16_t toF16(float value) {
  auto bits = llvm::bit_cast<uint32_t>(value);
  uint32_t magnitude = bits & 0x7fffffff;
  // Results below 2^-14 are multiples of 2^-24, the last place of numbers from 0.5 to 1.
  uint32_t small = llvm::bit_cast<uint32_t>(llvm::bit_cast<float>(magnitude) + 0.5f) - 0x3f000000;
  uint32_t normal = (magnitude - (112u << 23) + 0xfff + ((magnitude >> 13) & 1)) >> 13;
  uint32_t rounded = magnitude < (113u << 23) ? small : std::min(normal, 0x7c00u);
  return static_cast<uint16_t>((bits >> 16 & 0x8000) | rounded);
}

/// The element that is farthest from zero, with its sign.
static float extreme(const float *values, int64_t count) {
  float found = 0;
  for (int64_t i = 0; i < count; ++i)
    found = std::fabs(values[i]) > std::fabs(found) ? values[i] : found;
  return found;
}

static float inverse(float scale) { return scale == 0 ? 0 : 1 / scale; }

static void encodeQ8(const float *values, BlockQ8 &block) {
  float scale = std::fabs(extreme(values, 32)) / 127, factor = inverse(scale);
  block.scale = toF16(scale);
  for (int64_t i = 0; i < 32; ++i)
    block.levels[i] = static_cast<int8_t>(std::round(values[i] * factor));
}

/// Levels are 0 to 15 and mean -8 to 7: the extreme is given -8, on whichever side of zero it lies.
static void encodeQ4(const float *values, BlockQ4 &block) {
  float scale = extreme(values, 32) / -8, factor = inverse(scale);
  block.scale = toF16(scale);
  auto level = [&](float value) { return std::min(15, static_cast<int>(value * factor + 8.5f)); };
  for (int64_t i = 0; i < 16; ++i)
    block.levels[i] = static_cast<uint8_t>(level(values[i]) | level(values[i + 16]) << 4);
}

/// The levels of 256 elements: quarters of each half share their bytes.
static void packQ6(const uint8_t *levels, BlockQ6 &block) {
  for (int64_t half = 0; half < 2; ++half)
    for (int64_t i = 0; i < 32; ++i) {
      const uint8_t *at = levels + half * 128 + i;
      block.low[half * 64 + i] = (at[0] & 15) | at[64] << 4;
      block.low[half * 64 + 32 + i] = (at[32] & 15) | at[96] << 4;
      block.high[half * 32 + i] = at[0] >> 4 | at[32] >> 4 << 2 | at[64] >> 4 << 4 | at[96] >> 4 << 6;
    }
}

static void encodeQ6(const float *values, BlockQ6 &block) {
  float scales[16];
  for (int64_t i = 0; i < 16; ++i)
    scales[i] = extreme(values + 16 * i, 16) / -32;
  float scale = extreme(scales, 16) / -128, factor = inverse(scale);
  block.scale = toF16(scale);
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

void rwkvc::encode(StoredType type, llvm::ArrayRef<float> values, std::byte *out) {
  switch (type) {
  case StoredType::F32:
    return encodeEach<float>(values, out, [](float value) { return value; });
  case StoredType::F16:
    return encodeEach<uint16_t>(values, out, toF16);
  case StoredType::BF16:
    return encodeEach<uint16_t>(values, out, toBF16);
  case StoredType::Q8_0:
    return encodeBlocks<BlockQ8, 32>(values, out, encodeQ8);
  case StoredType::Q4_0:
    return encodeBlocks<BlockQ4, 32>(values, out, encodeQ4);
  case StoredType::Q6_K:
    return encodeBlocks<BlockQ6, 256>(values, out, encodeQ6);
  }
}
