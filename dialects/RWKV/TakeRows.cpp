//===- TakeRows.cpp - rwkv.take_rows --------------------------------------===//
#include "dialects/RWKV/RWKV.h"


using namespace mlir;
using namespace rwkvc::rwkv;

LogicalResult TakeRowsOp::inferReturnTypes(MLIRContext *, std::optional<Location>, Adaptor op,
                                           SmallVectorImpl<Type> &types) {
  auto x = cast<RankedTensorType>(op.getX().getType());
  auto rows = cast<RankedTensorType>(op.getRows().getType());
  types.push_back(x.clone({rows.getDimSize(0), x.getDimSize(1)})); // C1
  return success();
}
