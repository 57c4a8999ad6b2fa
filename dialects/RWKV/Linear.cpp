//===- Linear.cpp - rwkv.linear -------------------------------------------===//
#include "dialects/RWKV/RWKV.h"
#include "dialects/RWKV/ShapeChecks.h"

using namespace mlir;
using namespace rwkvc::rwkv;

LogicalResult LinearOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor op,
                                         SmallVectorImpl<Type> &types) {
  FailureOr<Type> rows = inferRows(loc, op.getX(), op.getWeight(), 0); // C3
  if (succeeded(rows))
    types.push_back(*rows);
  return rows;
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
