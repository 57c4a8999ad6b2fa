//===- Architecture.h - What is known of a kind of CPU -----------*- C++ -*-===//
//
// One file each; the list of all is in Target.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef COMPILER_BACKENDS_LLVM_ARCHITECTURE_H
#define COMPILER_BACKENDS_LLVM_ARCHITECTURE_H

#include "compiler/Backends/LLVM/Target.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/TargetParser/Triple.h"
#include <optional>

namespace rwkvc {

struct Architecture {
  llvm::Triple::ArchType type;
  llvm::StringLiteral name;
  llvm::StringLiteral triple;   // where the compiler runs on another one
  llvm::StringLiteral baseline; // LLVM's name of a CPU whose code all others run
  llvm::StringLiteral least;    // a name for any CPU that has what is required

  /// What ordinary code and vector intrinsics can become. Sets that need intrinsics of their own join with the kernel
  /// that uses them: naming them earlier would only lock machines out.
  llvm::ArrayRef<llvm::StringLiteral> checkable;
  llvm::ArrayRef<llvm::StringLiteral> required;

  void (*initialise)();

  /// LLVM's features of a name that is a level of the architecture and no CPU, such as "armv8.2-a".
  std::optional<std::string> (*level)(llvm::StringRef name);

  /// Those of `enabled` that the code generator would use unasked, but no loader would check.
  llvm::SmallVector<llvm::StringRef> (*uncheckable)(const llvm::StringSet<> &enabled);

  /// Fills in what the target's features make of its registers and products.
  void (*describe)(Target &target, const llvm::StringSet<> &enabled);
};

extern const Architecture x86Architecture, aarch64Architecture;

} // namespace rwkvc

#endif // COMPILER_BACKENDS_LLVM_ARCHITECTURE_H
