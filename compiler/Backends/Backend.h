//===- Backend.h - What a backend is -----------------------------*- C++ -*-===//
//
// A kernel's function takes one pointer for each operand and output (a state is one), then i64 row begin, row end,
// unit begin, unit end. Who lowers it fills in its body, with MLIR that the phase after makes LLVM's own.
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
  llvm::StringRef features;           // instruction sets that code may use, separated by semicolons
  llvm::StringRef autoscheduler = {}; // of Halide, instead of the kernels' schedules

  bool mayUse(llvm::StringRef feature) const { return llvm::is_contained(llvm::split(features, ';'), feature); }
};

/// A kernel that is alone in a function of its own, whose arguments are its operands, and what it becomes: so far an
/// internal declaration.
struct PlannedKernel {
  kernel::KernelOpInterface op;
  mlir::LLVM::LLVMFuncOp function;
};

struct Backend {
  llvm::StringLiteral name; // what schedules and --backend say
  llvm::StringLiteral summary;

  /// Why this backend leaves the scheduled `op` to others, as what follows "NAME does not take it: "; empty if it takes it.
  std::string (*refuses)(kernel::KernelOpInterface op, const KernelTarget &target);

  /// Whether its code follows a schedule's tiles, so that there is something to search.
  bool followsTiles;

  /// Defines the functions of all of its kernels in a module; what else their code needs goes into the module. At least
  /// one. Fails with a diagnostic.
  mlir::LogicalResult (*lower)(llvm::ArrayRef<PlannedKernel> kernels, const KernelTarget &target);
};

extern const Backend llvmBackend, halideBackend, oneDNNBackend;

} // namespace rwkvc

#endif // COMPILER_BACKENDS_BACKEND_H
