//===- ModuleFacts.h - What a planned program knows of itself ----*- C++ -*-===//
#ifndef COMPILER_BACKENDS_LLVM_MODULEFACTS_H
#define COMPILER_BACKENDS_LLVM_MODULEFACTS_H

#include "mlir/IR/BuiltinOps.h"
#include <string>

namespace rwkvc::llvm_backend {

struct StateSlot {
  std::string name;
  int64_t offset; // bytes
  llvm::SmallVector<int64_t, 3> shape;
  float initial;
};

/// The fields of rwkvc_module_t that come from the program; their units are explained there.
struct ModuleFacts {
  std::string architecture, formats, kernels;
  int64_t layers, channels, heads, headSize, ffnWidth, vocabulary;
  std::vector<StateSlot> slots;
  std::string tokenizer; // packed; empty for none
  int64_t stateBytes = 0, arenaRowBytes = 0;
  int64_t weightsBytes = 0, decodeBytes = 0, skippableBytes = 0, rowFlops = 0, headFlops = 0;
};

/// Fails with a diagnostic unless `module` is as after the phase `plan`.
mlir::FailureOr<ModuleFacts> collectFacts(mlir::ModuleOp module);

} // namespace rwkvc::llvm_backend

#endif // COMPILER_BACKENDS_LLVM_MODULEFACTS_H
