//===- GroupNorm.cpp - rwkv.group_norm ------------------------------------===//
#include "dialects/RWKV/RWKV.h"
#include "dialects/RWKV/ShapeChecks.h"
#include "dialects/RWKV/StepBuilder.h"

using namespace mlir;
using namespace rwkvc::rwkv;

LogicalResult GroupNormOp::verify() {
  Named x{"x", getX()};
  if (failed(verifyChannels(*this, {{"weight", getWeight()}, {"bias", getBias()}}, x))) // C1
    return failure();
  if (failed(verifyEps(*this, getEps()))) // C2
    return failure();
  return verifyGroups(*this, getGroups(), x); // C3
}

OperandRange GroupNormOp::getSequences() { return getOperands().take_front(1); }
OperandRange GroupNormOp::getConstants() { return getOperands().take_back(2); }

SmallVector<Value> GroupNormOp::emitStep(OpBuilder &builder, Location loc, ValueRange sequences, ValueRange constants,
                                         ValueRange) {
  StepBuilder step(builder, loc);
  return {step.normalize(sequences[0], constants[0], constants[1], getEps().convertToDouble())};
}
