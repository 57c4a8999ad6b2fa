//===- Target.h - The machine that a module is compiled for ------*- C++ -*-===//
//
// Resolved once per compilation. What the module's header promises about the CPU and what the code generator may use
// come from here, so that they cannot differ.
//
//===----------------------------------------------------------------------===//
#ifndef COMPILER_BACKENDS_LLVM_TARGET_H
#define COMPILER_BACKENDS_LLVM_TARGET_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <string>

namespace llvm {
class TargetMachine;
}

namespace rwkvc {

struct Target {
  std::string triple;       // "x86_64-pc-linux-gnu"
  std::string cpu;          // LLVM's name of the CPU, or of a level of the architecture: "znver4", "armv8.2-a"
  std::string codeCpu;      // what LLVM generates for: `cpu`, or a generic one with that level's features
  std::string baselineCpu;  // whose code all CPUs of the architecture run
  std::string features;     // what differs from the CPU's own, as LLVM writes it: "+avx512f,-sha"
  std::string codeFeatures; // every instruction set that the code may use, for the loader to check: "avx2,fma"
  bool avx512 = false;      // F, BW, DQ and VL
  bool bf16Dot = false;     // vdpbf16ps on 512 bits
  bool int8Dot = false;     // vpdpbusd on 512 bits, or sdot
  bool manyBytes = false;   // int8Dot gains enough to round several rows to bytes, and to join groups of 4-bit codes
  int64_t prefetch = 0;    // bytes of a weight that a single row asks memory for ahead; 0 for none
  int vectorBits = 0;
  int vectorRegisters = 0; // of vectorBits

  bool mayUse(llvm::StringRef feature) const;

  /// codeFeatures as passes and KernelTarget take them: a comma would end a pass's option.
  std::string listedFeatures() const;
};

/// `cpu` is "native", which is this machine with exactly the features that it reports, or LLVM's name of a CPU, which
/// chooses the architecture, or "armv8-a" or a later level of it.
llvm::Expected<Target> resolveTarget(llvm::StringRef cpu);

/// Names from which this machine's codeFeatures are drawn. The runtime knows each of them.
llvm::ArrayRef<llvm::StringLiteral> checkableFeatures();

std::unique_ptr<llvm::TargetMachine> createTargetMachine(const Target &target);

} // namespace rwkvc

#endif // COMPILER_BACKENDS_LLVM_TARGET_H
