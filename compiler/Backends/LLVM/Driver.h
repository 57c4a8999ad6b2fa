//===- Driver.h - The step that all threads run ------------------*- C++ -*-===//
#ifndef COMPILER_BACKENDS_LLVM_DRIVER_H
#define COMPILER_BACKENDS_LLVM_DRIVER_H

#include "dialects/Kernel/Kernel.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "llvm/ADT/StringMap.h"

namespace rwkvc::llvm_backend {

/// A kernel that is code already; `op` still says what it is.
struct TiledKernel {
  kernel::KernelOpInterface op;
  mlir::LLVM::LLVMFuncOp function;
};

/// Emits @step from the planned `programs`, by the most rows that each takes. `kernels` has each callee.
void emitDriver(llvm::ArrayRef<mlir::func::FuncOp> programs, const llvm::StringMap<TiledKernel> &kernels);

} // namespace rwkvc::llvm_backend

#endif // COMPILER_BACKENDS_LLVM_DRIVER_H
