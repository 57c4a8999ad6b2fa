//===- Embed.cpp - rwkv.embed ---------------------------------------------===//
#include "dialects/RWKV/RWKV.h"
#include "dialects/RWKV/ShapeChecks.h"

using namespace mlir;
using namespace rwkvc::rwkv;

LogicalResult EmbedOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor op,
                                        SmallVectorImpl<Type> &types) {
  FailureOr<Type> rows = inferRows(loc, op.getTokens(), op.getTable(), 1); // C1
  if (succeeded(rows))
    types.push_back(*rows);
  return rows;
}

LogicalResult EmbedOp::verify() {
  // C2
  if (getTable().getType().getDimSize(0) < 1)
    return emitOpError("'table' has no rows, but every token needs one");
  return success();
}
