//===- Describe.h - From a kernel op to plain data ---------------*- C++ -*-===//
#ifndef COMPILER_BACKENDS_HALIDE_DESCRIBE_H
#define COMPILER_BACKENDS_HALIDE_DESCRIBE_H

#include "compiler/Backends/Halide/Kernels.h"
#include "dialects/Kernel/Kernel.h"
#include <functional>

namespace rwkvc::halide_backend {

/// Whether code may use an instruction set, by LLVM's name.
using MayUse = std::function<bool(llvm::StringRef feature)>;

/// Fills in `what` of a kernel that is scheduled. Returns why not if Halide does not take it, else nothing.
std::string describe(kernel::KernelOpInterface op, const MayUse &mayUse, Kernel &kernel);

} // namespace rwkvc::halide_backend

#endif // COMPILER_BACKENDS_HALIDE_DESCRIBE_H
