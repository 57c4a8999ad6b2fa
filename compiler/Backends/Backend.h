//===- Backend.h - What a backend is -----------------------------*- C++ -*-===//
//
// A kernel's function takes one pointer for each operand and output (a state is one), then i64 row begin, row end,
// unit begin, unit end. Who lowers it fills in its body, with MLIR that kernel's lowering makes LLVM's own, or
// hands over bitcode that defines it (Bitcode.h).
//
//===----------------------------------------------------------------------===//
#ifndef COMPILER_BACKENDS_BACKEND_H
#define COMPILER_BACKENDS_BACKEND_H

#include "dialects/Kernel/Kernel.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "llvm/ADT/StringExtras.h"
#include <string>

namespace rwkvc {

/// What backends may know of the machine; as text, since that is how rwkv-opt has it.
struct KernelTarget {
  llvm::StringRef triple;
  llvm::StringRef features; // instruction sets that code may use, separated by semicolons

  bool mayUse(llvm::StringRef feature) const { return llvm::is_contained(llvm::split(features, ';'), feature); }
};

struct Backend {
  llvm::StringLiteral name; // what schedules and --backend say
  llvm::StringLiteral summary;

  /// Why this backend leaves the scheduled `op` to others, as what follows "NAME does not take it: "; empty if it takes it.
  std::string (*refuses)(kernel::KernelOpInterface op, const KernelTarget &target);

  /// Defines `function`, which is an internal declaration so far. `op` is alone in a function of its own, whose arguments
  /// are its operands; what else the code needs goes into the module. Fails with a diagnostic.
  mlir::LogicalResult (*lower)(kernel::KernelOpInterface op, mlir::LLVM::LLVMFuncOp function,
                               const KernelTarget &target);
};

extern const Backend llvmBackend, oneDNNBackend;

} // namespace rwkvc

#endif // COMPILER_BACKENDS_BACKEND_H
