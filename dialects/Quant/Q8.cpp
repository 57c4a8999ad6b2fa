//===- Q8.cpp - Weights of 8 bits in groups of 32 -------------------------===//
//
// value = (code - 128) * (level * scale): 8.25 bits a weight. Four inputs of an output share a 32-bit lane, and codes
// are unsigned, as vpdpbusd takes them. A group's largest magnitude becomes -128, the one integer more on that side.
//
//===----------------------------------------------------------------------===//
#include "dialects/Quant/Q8.h"
#include "dialects/Quant/Format.h"
#include "dialects/Quant/GroupLoad.h"
#include "dialects/Quant/PackInputMajor.h"
#include "dialects/Quant/PanelAddress.h"

using namespace mlir;
using namespace rwkvc::weight;

static SmallVector<Value> emitLoad(OpBuilder &builder, Location loc, const PanelPlace &place) {
  return GroupLoad(builder, loc, q8Format, place).bytes();
}

static SmallVector<Value> emitLoadInputMajor(OpBuilder &builder, Location loc, Value codes, StringRef) {
  auto bytes = VectorType::get(kLanes, builder.getI8Type()), floats = VectorType::get(kLanes, builder.getF32Type());
  SmallVector<Value> weights;
  for (int64_t n = 0; n < kInputBlock; n += kLanes) {
    Value loaded = LLVM::LoadOp::create(builder, loc, bytes, outputAt(builder, loc, codes, n), /*alignment=*/16);
    weights.push_back(arith::SIToFPOp::create(builder, loc, floats, loaded));
  }
  return weights;
}

static constexpr InputMajor inputMajor = {0.7, Q8Codec::kInputBytes, Q8Codec::kGroup, InputMajorPacker<Q8Codec>::pack,
                                          emitLoadInputMajor};

const Format rwkvc::weight::q8Format = {"q8",
                                        Q8Codec::kGroup,
                                        4,
                                        Q8Codec::kStepBytes,
                                        nullptr,
                                        packPlain<Q8Codec>,
                                        emitLoad,
                                        8,
                                        nullptr,
                                        &inputMajor,
                                        "emb=f16",
                                        /*isPairs=*/false,
                                        /*roundsToPairs=*/false,
                                        packWithFeedback<Q8Codec>};
