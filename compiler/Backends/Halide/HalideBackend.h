//===- HalideBackend.h - Kernels to pipelines --------------------*- C++ -*-===//
#ifndef COMPILER_BACKENDS_HALIDE_HALIDEBACKEND_H
#define COMPILER_BACKENDS_HALIDE_HALIDEBACKEND_H

#include "compiler/Backends/Backend.h"
#include "llvm/Support/Error.h"

namespace rwkvc::halide_backend {

/// What rwkvc-halide makes of planned kernels: functions as text or, for people, Halide's statements.
llvm::Expected<std::string> askProgram(llvm::ArrayRef<kernel::KernelOpInterface> kernels, const KernelTarget &target,
                                       bool statements);

} // namespace rwkvc::halide_backend

#endif // COMPILER_BACKENDS_HALIDE_HALIDEBACKEND_H
