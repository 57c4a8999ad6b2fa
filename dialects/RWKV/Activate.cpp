//===- Activate.cpp - rwkv.activate ---------------------------------------===//
#include "dialects/RWKV/RWKV.h"
#include "dialects/RWKV/StepBuilder.h"

using namespace mlir;
using namespace rwkvc::rwkv;

LogicalResult ActivateOp::inferReturnTypes(MLIRContext *context, std::optional<Location>, Adaptor op,
                                           SmallVectorImpl<Type> &types) {
  auto x = cast<RankedTensorType>(op.getX().getType());
  types.push_back(x.clone(Float32Type::get(context))); // C1
  return success();
}

OperandRange ActivateOp::getSequences() { return (*this)->getOperands(); }

SmallVector<Value> ActivateOp::emitStep(OpBuilder &builder, Location loc, ValueRange sequences, ValueRange,
                                        ValueRange) {
  Value x = sequences[0];
  StepBuilder step(builder, loc);
  switch (getKind()) {
  case ActivationKind::Exp:
    return {step.exp(x)};
  case ActivationKind::NegExp:
    return {step.neg(step.exp(x))};
  case ActivationKind::ExpNegExp:
    return {step.exp(step.neg(step.exp(x)))};
  case ActivationKind::ExpNegSigmoid:
    // The official constant: e^-0.5 to six digits, and what the models were trained with.
    return {step.exp(step.mul(step.constant(-0.606531, x), step.sigmoid(x)))};
  case ActivationKind::Sigmoid:
    return {step.sigmoid(x)};
  case ActivationKind::Silu:
    return {step.mul(x, step.sigmoid(x))};
  case ActivationKind::Tanh:
    return {step.tanh(x)};
  case ActivationKind::ReluSquared: {
    Value relu = step.max(x, step.constant(0.0, x));
    return {step.mul(relu, relu)};
  }
  }
  llvm_unreachable("the enum has no other case");
}
