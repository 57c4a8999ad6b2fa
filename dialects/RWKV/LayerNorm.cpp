//===- LayerNorm.cpp - rwkv.layer_norm ------------------------------------===//
#include "dialects/RWKV/RWKV.h"
#include "dialects/RWKV/ShapeChecks.h"
#include "dialects/RWKV/StepBuilder.h"

using namespace mlir;
using namespace rwkvc::rwkv;

LogicalResult LayerNormOp::verify() {
  if (failed(verifyChannels(*this, {{"weight", getWeight()}, {"bias", getBias()}}, {"x", getX()}))) // C1
    return failure();
  return verifyEps(*this, getEps()); // C2
}

OperandRange LayerNormOp::getSequences() { return getOperands().take_front(1); }
OperandRange LayerNormOp::getConstants() { return getOperands().take_back(2); }

SmallVector<Value> LayerNormOp::emitStep(OpBuilder &builder, Location loc, ValueRange sequences, ValueRange constants,
                                         ValueRange) {
  StepBuilder step(builder, loc);
  return {step.normalize(sequences[0], constants[0], constants[1], getEps().convertToDouble())};
}
