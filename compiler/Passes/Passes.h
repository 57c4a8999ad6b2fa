//===- Passes.h - Every pass of the compiler's middle ------------*- C++ -*-===//
#ifndef COMPILER_PASSES_PASSES_H
#define COMPILER_PASSES_PASSES_H

#include "mlir/Pass/Pass.h"
#include <memory>
#include <string>

namespace rwkvc::passes {

#define GEN_PASS_DECL
#include "compiler/Passes/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "compiler/Passes/Passes.h.inc"

} // namespace rwkvc::passes

#endif // COMPILER_PASSES_PASSES_H
