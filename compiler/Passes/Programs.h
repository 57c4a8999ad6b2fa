//===- Programs.h - The programs of a model's step ---------------*- C++ -*-===//
//
// One for each number of rows that has kernels of its own. All of them read the same weights and states.
//
//===----------------------------------------------------------------------===//
#ifndef COMPILER_PASSES_PROGRAMS_H
#define COMPILER_PASSES_PROGRAMS_H

#include "dialects/Kernel/Kernel.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"

namespace rwkvc::passes {

/// Every program of `module`, by the most rows it takes. The last one, which takes any number, is @forward. Empty if
/// there is no @forward.
llvm::SmallVector<mlir::func::FuncOp> programs(mlir::ModuleOp module);

/// The most rows that `program` takes; 0 if any number.
int64_t mostRows(mlir::func::FuncOp program);

/// The most rows that the code of `gemm` is made for, where its program takes at most `most`: a few rows of f32 are bound by
/// arithmetic as many are, and one kernel serves both.
int64_t kernelRows(kernel::GemmOp gemm, int64_t most);

} // namespace rwkvc::passes

#endif // COMPILER_PASSES_PROGRAMS_H
