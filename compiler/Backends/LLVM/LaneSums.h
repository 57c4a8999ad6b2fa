//===- LaneSums.h - Sums over the lanes of several vectors -------*- C++ -*-===//
#ifndef COMPILER_BACKENDS_LLVM_LANESUMS_H
#define COMPILER_BACKENDS_LLVM_LANESUMS_H

#include "compiler/Backends/LLVM/Emitter.h"

namespace rwkvc::llvm_backend {

/// Combines all lanes of each vector with those of the same vector: lane i with the one half a vector on, and so on
/// down to neighbours. Vectors that are summed together share the instructions, and get the bits that they would get
/// alone. There are 1, 2, 4, ... kLanes of them, each of kLanes; the result has a lane for each.
mlir::Value combineLanes(Emitter &emitter, llvm::ArrayRef<mlir::Value> vectors,
                         llvm::function_ref<mlir::Value(mlir::Value, mlir::Value)> combine);

} // namespace rwkvc::llvm_backend

#endif // COMPILER_BACKENDS_LLVM_LANESUMS_H
