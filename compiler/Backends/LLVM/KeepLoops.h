//===- KeepLoops.h - Loops that LLVM must not unroll -------------*- C++ -*-===//
#ifndef COMPILER_BACKENDS_LLVM_KEEPLOOPS_H
#define COMPILER_BACKENDS_LLVM_KEEPLOOPS_H

#include "mlir/IR/Operation.h"

namespace rwkvc::llvm_backend {

/// `loop`, an scf.for, stays one in machine code.
void keepLoop(mlir::Operation *loop);

} // namespace rwkvc::llvm_backend

#endif // COMPILER_BACKENDS_LLVM_KEEPLOOPS_H
