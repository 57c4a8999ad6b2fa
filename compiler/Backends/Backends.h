//===- Backends.h - Who lowers kernels ---------------------------*- C++ -*-===//
#ifndef COMPILER_BACKENDS_BACKENDS_H
#define COMPILER_BACKENDS_BACKENDS_H

#include "compiler/Backends/Backend.h"

namespace rwkvc {

/// The first one takes what the others refuse.
llvm::ArrayRef<const Backend *> backends();

/// "llvm, halide": their names.
std::string backendNames();

/// Null if there is none of that name.
const Backend *findBackend(llvm::StringRef name);

/// The one that measurements say is fastest for the scheduled `op`; it may refuse it.
const Backend &fastestBackend(kernel::KernelOpInterface op, const KernelTarget &target);

/// The one that the schedule of `op` names. Fails with a diagnostic if there is none, or if it refuses `op`.
mlir::FailureOr<const Backend *> backendOf(kernel::KernelOpInterface op, const KernelTarget &target);

} // namespace rwkvc

#endif // COMPILER_BACKENDS_BACKENDS_H
