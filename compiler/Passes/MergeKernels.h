//===- MergeKernels.h - Two kernels become one -------------------*- C++ -*-===//
//
// What the fusions have in common. Which kernels should merge is theirs to say; that the
// result is the same is said here.
//
//===----------------------------------------------------------------------===//
#ifndef COMPILER_PASSES_MERGEKERNELS_H
#define COMPILER_PASSES_MERGEKERNELS_H

#include "dialects/Kernel/Kernel.h"
#include "mlir/IR/PatternMatch.h"

namespace rwkvc::passes {

/// True if the next value of one of the scan's states depends on a state. A token shift carries a state and is no
/// recurrence: what it keeps is a row of its input.
bool isRecurrence(kernel::ScanOp scan);

/// True if any number of groups computes the same: no channel sees another one.
bool isRegroupable(kernel::ScanOp scan);

/// Replaces `producer` and `consumer`, which uses its results, by one scan in the consumer's place. Results of the
/// producer that others use stay results; regroups the element-wise one of the two where their groups differ.
/// Fails with a reason, and without a change, where that is impossible.
mlir::LogicalResult mergeScans(mlir::PatternRewriter &rewriter, kernel::ScanOp producer, kernel::ScanOp consumer);

/// Replaces `gemm` and `scan`, the only user of its result, by one gemm in the scan's place, with the scan's body as
/// the end of its epilogue. Fails with a reason, and without a change, where that is impossible.
mlir::LogicalResult mergeIntoEpilogue(mlir::PatternRewriter &rewriter, kernel::GemmOp gemm, kernel::ScanOp scan);

/// Applies fusions until none fires, then shares what merged bodies compute twice.
mlir::LogicalResult applyFusions(mlir::Operation *function, mlir::RewritePatternSet patterns);

} // namespace rwkvc::passes

#endif // COMPILER_PASSES_MERGEKERNELS_H
