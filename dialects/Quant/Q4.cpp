//===- Q4.cpp - Weights of 4 bits in groups of 16 -------------------------===//
//
// value = kValues[code] * (level * scale): 4.5 bits a weight. The values lie denser around 0, as weights do. In a 32-bit
// lane, the lower halves of the bytes are four inputs and the upper halves the next four.
//
//===----------------------------------------------------------------------===//
#include "dialects/Quant/Q4.h"
#include "dialects/Quant/Format.h"
#include "dialects/Quant/GroupLoad.h"
#include "dialects/Quant/PackGroups.h"

using namespace mlir;
using namespace rwkvc::weight;

namespace {

struct Codec {
  static constexpr int64_t kGroup = 16;

  /// The nearest values to x / scale, and the error that they leave.
  [[gnu::always_inline]] static float quantise(const float *x, float scale, float *values, uint8_t *codes) {
#pragma STDC FP_CONTRACT OFF
    float inverse = scale != 0 ? 1 / scale : 0, errors[kPackLanes];
    for (int64_t i = 0; i < kGroup; ++i) {
      float y = x[i] * inverse, value = kQ4Values[0];
      int code = 0;
      for (int64_t v = 1; v < 16; ++v) { // no search: every lane takes the same steps
        bool above = 2 * y > float(kQ4Values[v - 1] + kQ4Values[v]);
        value += above ? float(kQ4Values[v] - kQ4Values[v - 1]) : 0;
        code += above;
      }
      float error = value * scale - x[i];
      errors[i] = error * error;
      values[i] = value;
      codes[i] = uint8_t(code);
    }
    return sumLanes(errors);
  }

  [[gnu::always_inline]] static float ideal(const float *x) {
#pragma STDC FP_CONTRACT OFF
    float extreme = 0;
    for (int64_t i = 0; i < kGroup; ++i)
      extreme = std::max(extreme, std::fabs(x[i]));
    // Values are not symmetric, so both signs are tried. The extreme need not be met: what is gained in the middle
    // may be worth more.
    float best = 0, least = INFINITY;
    for (int step = 0; step < 16; ++step) {
      float scale = extreme / (step % 2 ? 127 : -127) * (0.80f + 0.05f * float(step / 2));
      float values[kGroup], products[kGroup], squares[kGroup];
      uint8_t codes[kGroup];
      quantise(x, scale, values, codes);
      for (int64_t i = 0; i < kGroup; ++i) {
        products[i] = values[i] * x[i];
        squares[i] = values[i] * values[i];
      }
      // The best scale for these codes.
      float fitted = sumLanes(products) / sumLanes(squares);
      if (float error = quantise(x, fitted, values, codes); error < least) {
        least = error;
        best = fitted;
      }
    }
    return best;
  }

  [[gnu::always_inline]] static float encode(const float *x, float scale, uint8_t *codes) {
    float values[kGroup];
    return quantise(x, scale, values, codes);
  }

  [[gnu::always_inline]] static void store(const uint8_t *codes, uint8_t *step, int64_t panel, int64_t n) {
    for (int64_t i = 0; i < kGroup; i += 8)
      for (int64_t j = 0; j < 4; ++j)
        step[(i / 8 * panel + n) * 4 + j] = uint8_t(codes[i + j] | codes[i + 4 + j] << 4);
  }
};

} // namespace

[[gnu::target_clones("avx512f", "avx2", "default")]] static void
packPanel(const float *rows, int64_t inputs, int64_t panel, uint8_t *out, float *padded, float *ideal) {
  packGroups<Codec>(rows, inputs, panel, q4Format.stepBytes, out, padded, ideal);
}

static void pack(const float *rows, int64_t inputs, int64_t panel, uint8_t *out) {
  GroupScratch scratch(inputs, Codec::kGroup);
  packPanel(rows, inputs, panel, out, scratch.padded.data(), scratch.ideal.data());
}

static SmallVector<Value> emitLoad(OpBuilder &builder, Location loc, const PanelPlace &place) {
  GroupLoad group(builder, loc, place);
  SmallVector<Value> weights;
  for (int64_t pair = 0; pair < Codec::kGroup / 8; ++pair) {
    Value lanes = group.loadLanes(pair);
    for (int64_t half : {0, 4})
      for (int64_t i = 0; i < 4; ++i)
        weights.push_back(group.scaled(group.lookUp(group.bits(lanes, 8 * i + half, 4), kQ4Values)));
  }
  return weights;
}

const Format rwkvc::weight::q4Format = {"q4", Codec::kGroup, 4, 1 + Codec::kGroup / 2, nullptr, pack, emitLoad, 4, kQ4Values};
