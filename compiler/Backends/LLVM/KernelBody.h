//===- KernelBody.h - From a kernel's declaration to its code ----*- C++ -*-===//
#ifndef COMPILER_BACKENDS_LLVM_KERNELBODY_H
#define COMPILER_BACKENDS_LLVM_KERNELBODY_H

#include "compiler/Backends/LLVM/Emitter.h"

namespace rwkvc::llvm_backend {

/// Gives `function`, a kernel's declaration, the body that `emit` writes, and its return.
mlir::LogicalResult emitBody(mlir::LLVM::LLVMFuncOp function, llvm::StringRef features,
                             llvm::function_ref<mlir::LogicalResult(Emitter &emitter, const KernelFrame &frame)> emit);

} // namespace rwkvc::llvm_backend

#endif // COMPILER_BACKENDS_LLVM_KERNELBODY_H
