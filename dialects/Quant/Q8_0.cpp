//===- Q8_0.cpp - 8 bits in groups of 32 under f16 scales -----------------===//
//
// value = (code - 128) * scale: 8.5 bits a weight. Holds ggml's Q8_0, Q5_0 and Q4_0 with every bit. Codes lie as those
// of q8.
//
//===----------------------------------------------------------------------===//
#include "dialects/Quant/Format.h"
#include "dialects/Quant/GroupLoad.h"
#include "dialects/Quant/PackHalfGroups.h"

using namespace mlir;
using namespace rwkvc::weight;

static void pack(const float *rows, int64_t inputs, int64_t panel, uint8_t *out) {
  packHalfGroups<-128, 4>(rows, inputs, panel, out, [](const int8_t *codes) {
    uint32_t bits = 0;
    for (int i = 0; i < 4; ++i)
      bits |= uint32_t(codes[i] + 128) << 8 * i;
    return bits;
  });
}

static SmallVector<Value> emitLoad(OpBuilder &builder, Location loc, const PanelPlace &place) {
  return GroupLoad(builder, loc, q8_0Format, place).bytes();
}

const Format rwkvc::weight::q8_0Format = {"q8_0",   kHalfGroup, 0,       2 + kHalfGroup, nullptr,  pack,
                                          emitLoad, 8,          nullptr, nullptr,        "emb=f16"};
