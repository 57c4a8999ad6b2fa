//===- Dependence.h - Which kernel waits for which ---------------*- C++ -*-===//
//
// Kernels have no side effects before memory is planned, so their order in the block means
// nothing: only values order them.
//
//===----------------------------------------------------------------------===//
#ifndef COMPILER_PASSES_DEPENDENCE_H
#define COMPILER_PASSES_DEPENDENCE_H

#include "mlir/IR/Operation.h"
#include "mlir/IR/PatternMatch.h"
#include "llvm/ADT/DenseMap.h"

namespace rwkvc::passes {

/// For each op of `block` the most kernels that run one after the other until it is done: 1 for a kernel that waits for
/// none, 0 for what is no kernel and waits for none. A kernel.quantize that may follow its maker is done with it.
llvm::DenseMap<mlir::Operation *, unsigned> dependenceLevels(mlir::Block &block);

/// True if `consumer` needs a result of `producer` by way of a third op. Merging the two would then close a cycle.
bool dependsThroughOthers(mlir::Operation *consumer, mlir::Operation *producer);

/// Moves the ops between `producer` and `consumer` that need `producer` behind `consumer`, in their order, so that
/// `producer` may move there too. `consumer` must not need any of them.
void moveDependentsBehind(mlir::RewriterBase &rewriter, mlir::Operation *producer, mlir::Operation *consumer);

} // namespace rwkvc::passes

#endif // COMPILER_PASSES_DEPENDENCE_H
