//===- Passes.h - From kernels to code ---------------------------*- C++ -*-===//
#ifndef COMPILER_BACKENDS_PASSES_H
#define COMPILER_BACKENDS_PASSES_H

#include "mlir/Pass/Pass.h"
#include <memory>
#include <string>

namespace rwkvc::lowering {

#define GEN_PASS_DECL
#include "compiler/Backends/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "compiler/Backends/Passes.h.inc"

} // namespace rwkvc::lowering

#endif // COMPILER_BACKENDS_PASSES_H
