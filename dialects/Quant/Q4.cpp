//===- Q4.cpp - Weights of 4 bits in groups of 16 -------------------------===//
//
// value = kValues[code] * (level * scale): 4.5 bits a weight. The values lie denser around 0, as weights do. In a
// 32-bit lane, the lower halves of the bytes are four inputs and the upper halves the next four.
//
//===----------------------------------------------------------------------===//
#include "dialects/Quant/Q4.h"
#include "dialects/Quant/CodeTable.h"
#include "dialects/Quant/Format.h"
#include "dialects/Quant/GroupLoad.h"
#include "dialects/Quant/PackInputMajor.h"
#include "dialects/Quant/PanelAddress.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace rwkvc::weight;

static SmallVector<Value> emitLoad(OpBuilder &builder, Location loc, const PanelPlace &place) {
  return GroupLoad(builder, loc, q4Format, place).halfBytes(kQ4Values);
}

// Loads from every byte of a lane on, which takes no shift; what then is in the other bits does not matter.
static SmallVector<Value> emitLoadInputMajor(OpBuilder &builder, Location loc, Value codes, StringRef features) {
  auto type = VectorType::get(kLanes, builder.getI32Type());
  CodeTable table(builder, loc, kQ4Values, features);
  SmallVector<Value> weights;
  for (int64_t byte = 0; byte < 4; ++byte) {
    Value lanes = LLVM::LoadOp::create(builder, loc, type, outputAt(builder, loc, codes, byte), /*alignment=*/1);
    for (int64_t bit : {0, 4})
      weights.push_back(table.lookUp(lanes, bit));
  }
  return weights;
}

static constexpr InputMajor inputMajor = {0.8, Q4Codec::kInputBytes, Q4Codec::kGroup, InputMajorPacker<Q4Codec>::pack,
                                          emitLoadInputMajor};

const Format rwkvc::weight::q4Format = {"q4",
                                        Q4Codec::kGroup,
                                        4,
                                        Q4Codec::kStepBytes,
                                        nullptr,
                                        packPlain<Q4Codec>,
                                        emitLoad,
                                        4,
                                        kQ4Values,
                                        &inputMajor,
                                        "emb=q8",
                                        /*isPairs=*/false,
                                        /*roundsToPairs=*/false,
                                        packWithFeedback<Q4Codec>};
