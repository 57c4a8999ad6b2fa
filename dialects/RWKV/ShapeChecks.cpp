//===- ShapeChecks.cpp - What the verifiers of rwkv ops share -------------===//
#include "dialects/RWKV/ShapeChecks.h"

using namespace mlir;

LogicalResult rwkvc::rwkv::verifyChannels(Operation *op, ArrayRef<Named> vectors, Named of) {
  for (const Named &vector : vectors)
    if (vector.channels() != of.channels())
      return op->emitOpError() << "'" << vector.name << "' has " << vector.channels() << " channels, but '" << of.name
                               << "' has " << of.channels();
  return success();
}

LogicalResult rwkvc::rwkv::verifyGroups(Operation *op, int64_t groups, Named of) {
  if (groups < 1)
    return op->emitOpError() << "'groups' is " << groups << ", but must be positive";
  if (of.channels() % groups)
    return op->emitOpError() << "'" << of.name << "' has " << of.channels() << " channels, which 'groups' = " << groups
                             << " does not divide";
  return success();
}

LogicalResult rwkvc::rwkv::verifyEps(Operation *op, const llvm::APFloat &eps) {
  if (eps.isFiniteNonZero() && !eps.isNegative())
    return success();
  return op->emitOpError() << "'eps' is " << eps.convertToDouble() << ", but must be positive and finite";
}

LogicalResult rwkvc::rwkv::verifyHeads(Operation *op, Named state, Named of) {
  ArrayRef<int64_t> shape = state.type().getShape();
  // Division rather than a product: sizes come from text and may be anything.
  bool square = shape[1] == shape[2] && shape[0] > 0 && of.channels() % shape[0] == 0;
  if (square && of.channels() / shape[0] == shape[1])
    return success();
  return op->emitOpError() << "'" << state.name << "' is " << state.type()
                           << ", but must be [H, N, N] with H * N = " << of.channels() << ", the channels of '"
                           << of.name << "'";
}

FailureOr<Type> rwkvc::rwkv::inferRows(std::optional<Location> loc, Value like, Value matrix, unsigned dimension) {
  auto rows = dyn_cast<RankedTensorType>(like.getType());
  auto channels = dyn_cast<RankedTensorType>(matrix.getType());
  if (!rows || rows.getRank() < 1 || !channels || channels.getRank() != 2)
    return emitOptionalError(loc, "cannot have rows of ", like.getType(), " and channels of ", matrix.getType());
  Type f32 = Float32Type::get(matrix.getContext());
  return Type(RankedTensorType::get({rows.getDimSize(0), channels.getDimSize(dimension)}, f32));
}
