//===- Passes.h - Passes of the LLVM backend ---------------------*- C++ -*-===//
#ifndef COMPILER_BACKENDS_LLVM_PASSES_H
#define COMPILER_BACKENDS_LLVM_PASSES_H

#include "mlir/IR/PatternMatch.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassManager.h"
#include <memory>
#include <string>

namespace rwkvc::llvm_backend {

#define GEN_PASS_DECL
#include "compiler/Backends/LLVM/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "compiler/Backends/LLVM/Passes.h.inc"

void populateExpandMathPatterns(mlir::RewritePatternSet &patterns);

/// The passes from loops over vectors to the LLVM dialect.
void addLowering(mlir::OpPassManager &passes);

/// Those of upstream's passes that addLowering uses, for rwkv-opt.
void registerLoweringPasses();

} // namespace rwkvc::llvm_backend

#endif // COMPILER_BACKENDS_LLVM_PASSES_H
