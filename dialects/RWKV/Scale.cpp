//===- Scale.cpp - rwkv.scale ---------------------------------------------===//
#include "dialects/RWKV/RWKV.h"
#include "dialects/RWKV/ShapeChecks.h"
#include "dialects/RWKV/StepBuilder.h"

using namespace mlir;
using namespace rwkvc::rwkv;

LogicalResult ScaleOp::verify() {
  return verifyChannels(*this, {{"by", getBy()}}, {"x", getX()}); // C1
}

OperandRange ScaleOp::getSequences() { return getOperands().take_front(1); }
OperandRange ScaleOp::getConstants() { return getOperands().take_back(1); }

SmallVector<Value> ScaleOp::emitStep(OpBuilder &builder, Location loc, ValueRange sequences, ValueRange constants,
                                     ValueRange) {
  return {StepBuilder(builder, loc).mul(sequences[0], constants[0])};
}
