//===- Bonus.cpp - rwkv.bonus ---------------------------------------------===//
#include "dialects/RWKV/RWKV.h"
#include "dialects/RWKV/ShapeChecks.h"
#include "dialects/RWKV/StepBuilder.h"

using namespace mlir;
using namespace rwkvc::rwkv;

LogicalResult BonusOp::verify() {
  Named r{"r", getR()};
  if (failed(verifyChannels(*this, {{"r_k", getRK()}}, r))) // C1
    return failure();
  return verifyGroups(*this, getGroups(), r); // C2
}

OperandRange BonusOp::getSequences() { return getOperands().take_front(3); }
OperandRange BonusOp::getConstants() { return getOperands().take_back(1); }

SmallVector<Value> BonusOp::emitStep(OpBuilder &builder, Location loc, ValueRange sequences, ValueRange constants,
                                     ValueRange) {
  Value r = sequences[0], k = sequences[1], v = sequences[2];
  StepBuilder step(builder, loc);
  return {step.scale(v, step.sum(step.mul(step.mul(r, k), constants[0])))};
}
