//===- Embed.cpp - rwkv.embed ---------------------------------------------===//
#include "dialects/RWKV/RWKV.h"


using namespace mlir;
using namespace rwkvc::rwkv;

LogicalResult EmbedOp::inferReturnTypes(MLIRContext *context, std::optional<Location>, Adaptor op,
                                        SmallVectorImpl<Type> &types) {
  auto table = cast<RankedTensorType>(op.getTable().getType());
  auto tokens = cast<RankedTensorType>(op.getTokens().getType());
  types.push_back(RankedTensorType::get({tokens.getDimSize(0), table.getDimSize(1)}, Float32Type::get(context))); // C1
  return success();
}

LogicalResult EmbedOp::verify() {
  // C2
  if (getTable().getType().getDimSize(0) < 1)
    return emitOpError("'table' has no rows, but every token needs one");
  return success();
}
