//===- GemmSums.h - The sum over inputs inside of a gemm's tile --*- C++ -*-===//
//
// One function for each kind of arithmetic. The tile around them is TileGemm's.
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
  int64_t inputs, panel;              // of the weight; outputs of its panels
  mlir::Value weights;                // the panel
  int64_t column, vectors;            // outputs of the panel that are summed, kLanes each
  llvm::SmallVector<mlir::Value> rows; // pointers to the rows

  int64_t stepBytes() const { return panel * format.stepBytes; }
  mlir::Value firstStep(Emitter &emitter) const { return emitter.at(weights, panel * format.headBytes); }
};

/// Rows of f32: one fused multiply-add an input. Returns the sums [rows, vectors].
llvm::SmallVector<mlir::Value> emitFloatSums(Emitter &emitter, const GemmTile &tile);

/// Quantised rows and weights: integer dot products of groups.
llvm::SmallVector<mlir::Value> emitIntegerSums(Emitter &emitter, const GemmTile &tile, kernel::GroupsAttr groups);

} // namespace rwkvc::llvm_backend

#endif // COMPILER_BACKENDS_LLVM_GEMMSUMS_H
