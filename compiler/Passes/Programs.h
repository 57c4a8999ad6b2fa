//===- Programs.h - The programs of a model's step ---------------*- C++ -*-===//
//
// One for each number of rows that has kernels of its own. All of them read the same weights and states.
//
//===----------------------------------------------------------------------===//
#ifndef COMPILER_PASSES_PROGRAMS_H
#define COMPILER_PASSES_PROGRAMS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"

namespace rwkvc::passes {

/// Every program of `module`, by the most rows it takes. The last one, which takes any number, is @forward. Empty if
/// there is no @forward.
llvm::SmallVector<mlir::func::FuncOp> programs(mlir::ModuleOp module);

/// The most rows that `program` takes; 0 if any number.
int64_t mostRows(mlir::func::FuncOp program);

} // namespace rwkvc::passes

#endif // COMPILER_PASSES_PROGRAMS_H
