//===- TakeRows.cpp - rwkv.take_rows --------------------------------------===//
#include "dialects/RWKV/RWKV.h"
#include "dialects/RWKV/ShapeChecks.h"

using namespace mlir;
using namespace rwkvc::rwkv;

LogicalResult TakeRowsOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor op,
                                           SmallVectorImpl<Type> &types) {
  FailureOr<Type> rows = inferRows(loc, op.getRows(), op.getX(), 1); // C1
  if (succeeded(rows))
    types.push_back(*rows);
  return rows;
}
