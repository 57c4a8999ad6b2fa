//===- Lerp.cpp - rwkv.lerp -----------------------------------------------===//
#include "dialects/RWKV/RWKV.h"
#include "dialects/RWKV/ShapeChecks.h"
#include "dialects/RWKV/StepBuilder.h"

using namespace mlir;
using namespace rwkvc::rwkv;

static bool hasMixOfEveryRow(LerpOp op) { return op.getMix().getType().getRank() == 2; }

LogicalResult LerpOp::verify() {
  RankedTensorType x = getX().getType(), mix = getMix().getType();
  // C1
  if (hasMixOfEveryRow(*this) && mix != x)
    return emitOpError() << "'mix' is " << mix << ", but 'x' is " << x;
  return verifyChannels(*this, {{"mix", getMix()}}, {"x", getX()});
}

OperandRange LerpOp::getSequences() { return getOperands().take_front(hasMixOfEveryRow(*this) ? 3 : 2); }
OperandRange LerpOp::getConstants() { return getOperands().drop_front(getSequences().size()); }

SmallVector<Value> LerpOp::emitStep(OpBuilder &builder, Location loc, ValueRange sequences, ValueRange constants,
                                    ValueRange) {
  Value x = sequences[0], y = sequences[1];
  Value mix = hasMixOfEveryRow(*this) ? sequences[2] : constants[0];
  StepBuilder step(builder, loc);
  return {step.fma(step.sub(y, x), mix, x)};
}
