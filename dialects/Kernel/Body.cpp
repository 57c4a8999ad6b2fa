//===- Body.cpp - kernel.broadcast and kernel.reduce ----------------------===//
#include "dialects/Kernel/Kernel.h"

using namespace mlir;
using namespace rwkvc::kernel;

/// The shape [N], or [] for a scalar.
static ArrayRef<int64_t> shapeOf(Value value) {
  auto tensor = dyn_cast<RankedTensorType>(value.getType());
  return tensor ? tensor.getShape() : ArrayRef<int64_t>();
}

/// `small` must be `large` without the axis: an f32 under `all`, a group otherwise.
static LogicalResult verifyAxis(Operation *op, Axis axis, Value small, Value large) {
  size_t rank = axis == Axis::All ? 0 : 1; // C1, C2
  ArrayRef<int64_t> from = shapeOf(small), to = shapeOf(large);
  if (from.size() != rank || to.size() != rank + 1)
    return op->emitOpError() << "'" << stringifyAxis(axis) << "' relates "
                             << (rank ? "a group and a matrix" : "a scalar and a group") << ", got " << small.getType()
                             << " and " << large.getType();
  if (rank && (from[0] != to[0] || from[0] != to[1]))
    return op->emitOpError() << "a group of " << from[0] << " does not fit a matrix of " << to[0] << "x" << to[1];
  return success();
}

LogicalResult BroadcastOp::verify() { return verifyAxis(*this, getAxis(), getValue(), getResult()); }

LogicalResult ReduceOp::verify() { return verifyAxis(*this, getAxis(), getResult(), getValue()); }
