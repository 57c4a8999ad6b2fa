//===- Linear.cpp - rwkv.linear -------------------------------------------===//
#include "dialects/RWKV/RWKV.h"


using namespace mlir;
using namespace rwkvc::rwkv;

LogicalResult LinearOp::inferReturnTypes(MLIRContext *, std::optional<Location>, Adaptor op,
                                         SmallVectorImpl<Type> &types) {
  auto x = cast<RankedTensorType>(op.getX().getType());
  auto weight = cast<RankedTensorType>(op.getWeight().getType());
  types.push_back(x.clone({x.getDimSize(0), weight.getDimSize(0)})); // C3
  return success();
}

LogicalResult LinearOp::verify() {
  int64_t channels = getX().getType().getDimSize(1);
  RankedTensorType weight = getWeight().getType();

  // C1
  if (weight.getDimSize(1) != channels)
    return emitOpError() << "'weight' has " << weight.getDimSize(1) << " columns, but 'x' has " << channels
                         << " channels";

  // C2
  if (getBias() && getBias().getType().getDimSize(0) != weight.getDimSize(0))
    return emitOpError() << "'bias' has " << getBias().getType().getDimSize(0) << " elements, but 'weight' has "
                         << weight.getDimSize(0) << " rows";
  return success();
}
