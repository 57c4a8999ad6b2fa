//===- GemmSums.h - The sum over inputs inside of a gemm's tile --*- C++ -*-===//
//
// One function for each kind of arithmetic. The tile around them is TileGemm's, or TileWidened's.
//
//===----------------------------------------------------------------------===//
#ifndef COMPILER_BACKENDS_LLVM_GEMMSUMS_H
#define COMPILER_BACKENDS_LLVM_GEMMSUMS_H

#include "compiler/Backends/LLVM/Emitter.h"
#include "dialects/Kernel/Kernel.h"

namespace rwkvc::llvm_backend {

/// What one tile reads.
struct GemmTile {
  const weight::Format &format;
  int64_t inputs, panel;               // of the weight; outputs of its panels
  mlir::Value weights;                 // the panel; or, with wholeSteps, the first of them
  int64_t column, vectors;             // outputs of the panel that are summed, kLanes each
  llvm::SmallVector<mlir::Value> rows; // pointers to the rows
  mlir::Value wholeSteps = {};         // steps that are summed, if that is known only at run time
  llvm::SmallVector<mlir::Value> sums = {}; // so far, [rows, vectors]; none are zeros

  int64_t ahead = 0; // bytes from a step to what is prefetched meanwhile; 0 for nothing

  int64_t stepBytes() const { return panel * format.stepBytes; }
  mlir::Value firstStep(Emitter &emitter) const { return wholeSteps ? weights : emitter.at(weights, panel * format.headBytes); }
  mlir::Value steps(Emitter &emitter, int64_t count) const { return wholeSteps ? wholeSteps : emitter.i64(count); }
  /// Prefetches what lies `ahead` of this tile's outputs, each of `outputBytes`, from `pointer` on.
  void prefetch(Emitter &emitter, mlir::Value pointer, int64_t outputBytes) const {
    if (ahead)
      emitter.prefetch(emitter.at(pointer, ahead + column * outputBytes), vectors * weight::kLanes * outputBytes);
  }
  llvm::SmallVector<mlir::Value> start(Emitter &emitter) const {
    return sums.empty() ? llvm::SmallVector<mlir::Value>(rows.size() * vectors, emitter.zeros(weight::kLanes)) : sums;
  }
};

/// Rows of f32: one fused multiply-add an input. Returns the sums [rows, vectors].
llvm::SmallVector<mlir::Value> emitFloatSums(Emitter &emitter, const GemmTile &tile);

/// Rows and weights of bf16: one vdpbf16ps for each pair of inputs.
llvm::SmallVector<mlir::Value> emitPairSums(Emitter &emitter, const GemmTile &tile);

/// Quantised rows and weights: integer dot products of groups.
llvm::SmallVector<mlir::Value> emitIntegerSums(Emitter &emitter, const GemmTile &tile, kernel::GroupsAttr groups);

/// Whichever of them takes rows of type `x`.
llvm::SmallVector<mlir::Value> emitGemmSums(Emitter &emitter, const GemmTile &tile, mlir::RankedTensorType x);

} // namespace rwkvc::llvm_backend

#endif // COMPILER_BACKENDS_LLVM_GEMMSUMS_H
