//===- Wkv5.cpp - rwkv.wkv5 -----------------------------------------------===//
#include "dialects/RWKV/RWKV.h"
#include "dialects/RWKV/ShapeChecks.h"
#include "dialects/RWKV/StepBuilder.h"

using namespace mlir;
using namespace rwkvc::rwkv;

LogicalResult Wkv5Op::verify() {
  Named r{"r", getR()};
  if (failed(verifyChannels(*this, {{"w", getW()}, {"u", getU()}}, r))) // C1
    return failure();
  return verifyHeads(*this, {"state", getState()}, r); // C2
}

OperandRange Wkv5Op::getSequences() { return getOperands().take_front(3); }
OperandRange Wkv5Op::getConstants() { return getOperands().slice(3, 2); }
OperandRange Wkv5Op::getInitialStates() { return getOperands().take_back(1); }
int64_t Wkv5Op::getGroups() { return getState().getType().getDimSize(0); }

SmallVector<Value> Wkv5Op::emitStep(OpBuilder &builder, Location loc, ValueRange sequences, ValueRange constants,
                                    ValueRange states) {
  Value r = sequences[0], k = sequences[1], v = sequences[2];
  Value w = constants[0], u = constants[1], state = states[0];
  StepBuilder step(builder, loc);
  return step.attend(r, w, k, v, u, state);
}
