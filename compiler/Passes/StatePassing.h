//===- StatePassing.h - From a state to its next value -----------*- C++ -*-===//
#ifndef COMPILER_PASSES_STATEPASSING_H
#define COMPILER_PASSES_STATEPASSING_H

#include "mlir/IR/Value.h"

namespace rwkvc::passes {

/// The result of a scan, or of a call of a scan, that is the next value of `state`. Fails unless `state` is used once,
/// as the state of a scan.
mlir::FailureOr<mlir::OpResult> finalState(mlir::Value state);

/// `result`, or the result of the parallel region around it that yields it; null if the region does not yield it.
mlir::Value visibleResult(mlir::OpResult result);

} // namespace rwkvc::passes

#endif // COMPILER_PASSES_STATEPASSING_H
