//===- GemmEpilogue.h - What follows a gemm's sums ---------------*- C++ -*-===//
#ifndef COMPILER_BACKENDS_LLVM_GEMMEPILOGUE_H
#define COMPILER_BACKENDS_LLVM_GEMMEPILOGUE_H

#include "compiler/Backends/LLVM/Emitter.h"
#include "dialects/Kernel/Kernel.h"

namespace rwkvc::llvm_backend {

/// Emits the body of `op` on kLanes sums of one row, from `output` on, and stores its results.
void emitGemmEpilogue(kernel::GemmOp op, Emitter &emitter, const KernelFrame &frame, mlir::Value row,
                      mlir::Value output, Lanes lanes, mlir::Value sum);

} // namespace rwkvc::llvm_backend

#endif // COMPILER_BACKENDS_LLVM_GEMMEPILOGUE_H
