//===- Wkv6.cpp - rwkv.wkv6 -----------------------------------------------===//
#include "dialects/RWKV/RWKV.h"
#include "dialects/RWKV/ShapeChecks.h"
#include "dialects/RWKV/StepBuilder.h"

using namespace mlir;
using namespace rwkvc::rwkv;

LogicalResult Wkv6Op::verify() {
  Named r{"r", getR()};
  if (failed(verifyChannels(*this, {{"u", getU()}}, r))) // C1
    return failure();
  return verifyHeads(*this, {"state", getState()}, r); // C2
}

OperandRange Wkv6Op::getSequences() { return getOperands().take_front(4); }
OperandRange Wkv6Op::getConstants() { return getOperands().slice(4, 1); }
OperandRange Wkv6Op::getInitialStates() { return getOperands().take_back(1); }
int64_t Wkv6Op::getGroups() { return getState().getType().getDimSize(0); }

SmallVector<Value> Wkv6Op::emitStep(OpBuilder &builder, Location loc, ValueRange sequences, ValueRange constants,
                                    ValueRange states) {
  Value r = sequences[0], w = sequences[1], k = sequences[2], v = sequences[3];
  Value u = constants[0], state = states[0];
  StepBuilder step(builder, loc);
  return step.attend(r, w, k, v, u, state);
}
