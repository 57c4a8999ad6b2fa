//===- Q8.cpp - Weights of 8 bits in groups of 32 -------------------------===//
//
// value = (code - 128) * (level * scale): 8.25 bits a weight. Four inputs of an output share a 32-bit lane, and codes
// are unsigned, as vpdpbusd takes them. A group's largest magnitude becomes -128, the one integer more on that side.
//
//===----------------------------------------------------------------------===//
#include "dialects/Quant/Format.h"
#include "dialects/Quant/GroupLoad.h"
#include "dialects/Quant/PackGroups.h"

using namespace mlir;
using namespace rwkvc::weight;

namespace {

struct Codec {
  static constexpr int64_t kGroup = 32;

  [[gnu::always_inline]] static float ideal(const float *x) {
    float extreme = 0;
    for (int64_t i = 0; i < kGroup; ++i)
      extreme = std::fabs(x[i]) > std::fabs(extreme) ? x[i] : extreme;
    return extreme / -128;
  }

  [[gnu::always_inline]] static float encode(const float *x, float scale, uint8_t *codes) {
#pragma STDC FP_CONTRACT OFF
    float inverse = scale != 0 ? 1 / scale : 0, errors[kPackLanes] = {};
    for (int64_t i = 0; i < kGroup; ++i) {
      // The constant's last bit is 1: adding it rounds to an integer.
      constexpr float round = 12582912;
      float q = std::min(std::max(x[i] * inverse, -128.0f), 127.0f) + round - round;
      float error = q * scale - x[i];
      errors[i % kPackLanes] += error * error;
      codes[i] = uint8_t(int(q) + 128);
    }
    return sumLanes(errors);
  }

  [[gnu::always_inline]] static void store(const uint8_t *codes, uint8_t *step, int64_t panel, int64_t n) {
    for (int64_t i = 0; i < kGroup; i += 4)
      std::copy_n(codes + i, 4, step + (i / 4 * panel + n) * 4);
  }
};

} // namespace

[[gnu::target_clones("avx512f", "avx2", "default")]] static void
packPanel(const float *rows, int64_t inputs, int64_t panel, uint8_t *out, float *padded, float *ideal) {
  packGroups<Codec>(rows, inputs, panel, q8Format.stepBytes, out, padded, ideal);
}

static void pack(const float *rows, int64_t inputs, int64_t panel, uint8_t *out) {
  GroupScratch scratch(inputs, Codec::kGroup);
  packPanel(rows, inputs, panel, out, scratch.padded.data(), scratch.ideal.data());
}

static SmallVector<Value> emitLoad(OpBuilder &builder, Location loc, const PanelPlace &place) {
  GroupLoad group(builder, loc, place);
  SmallVector<Value> weights;
  for (int64_t quad = 0; quad < Codec::kGroup / 4; ++quad) {
    Value lanes = group.loadLanes(quad);
    for (int64_t i = 0; i < 4; ++i)
      weights.push_back(group.scaled(group.subtract(group.bits(lanes, 8 * i, 8), 128)));
  }
  return weights;
}

const Format rwkvc::weight::q8Format = {"q8", Codec::kGroup, 4, 1 + Codec::kGroup, nullptr, pack, emitLoad, 8, nullptr};
