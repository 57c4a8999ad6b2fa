//===- Q4_0.cpp - 4 bits in groups of 32 under f16 scales -----------------===//
//
// value = (code - 8) * scale: 4.5 bits a weight. Holds ggml's Q4_0 with every bit; q4 rounds other weights better.
// Codes lie as those of q4.
//
//===----------------------------------------------------------------------===//
#include "dialects/Quant/Format.h"
#include "dialects/Quant/GroupLoad.h"
#include "dialects/Quant/PackHalfGroups.h"

using namespace mlir;
using namespace rwkvc::weight;

static constexpr int8_t kValues[16] = {-8, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7};

static void pack(const float *rows, int64_t inputs, int64_t panel, uint8_t *out) {
  packHalfGroups<-8, 8>(rows, inputs, panel, out, [](const int8_t *codes) {
    uint32_t bits = 0;
    for (int i = 0; i < 4; ++i)
      bits |= uint32_t((codes[i] + 8) | (codes[i + 4] + 8) << 4) << 8 * i;
    return bits;
  });
}

static SmallVector<Value> emitLoad(OpBuilder &builder, Location loc, const PanelPlace &place) {
  return GroupLoad(builder, loc, q4_0Format, place).halfBytes(kValues);
}

const Format rwkvc::weight::q4_0Format = {"q4_0",  kHalfGroup, 0,       2 + kHalfGroup / 2, nullptr, pack, emitLoad, 4,
                                          kValues, nullptr,    "emb=q8"};
