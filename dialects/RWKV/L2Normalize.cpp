//===- L2Normalize.cpp - rwkv.l2_normalize --------------------------------===//
#include "dialects/RWKV/RWKV.h"
#include "dialects/RWKV/ShapeChecks.h"
#include "dialects/RWKV/StepBuilder.h"

using namespace mlir;
using namespace rwkvc::rwkv;

LogicalResult L2NormalizeOp::verify() {
  return verifyGroups(*this, getGroups(), {"x", getX()}); // C1
}

OperandRange L2NormalizeOp::getSequences() { return (*this)->getOperands(); }

SmallVector<Value> L2NormalizeOp::emitStep(OpBuilder &builder, Location loc, ValueRange sequences, ValueRange,
                                           ValueRange) {
  Value x = sequences[0];
  StepBuilder step(builder, loc);

  Value norm = step.sqrt(step.sum(step.mul(x, x)));
  Value floored = step.max(norm, step.constant(1e-12, norm));
  return {step.scale(x, step.div(step.constant(1.0, norm), floored))};
}
