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
  std::string cpu;          // LLVM's name: "znver4"
  std::string features;     // what differs from the CPU's own, as LLVM writes it: "+avx512f,-sha"
  std::string codeFeatures; // every instruction set that the code may use, for the loader to check: "avx2,fma"
  bool avx512 = false;      // F, BW, DQ and VL
  bool bf16Dot = false;     // vdpbf16ps on 512 bits
  bool int8Dot = false;     // vpdpbusd on 512 bits
  int vectorBits = 256;
  int vectorRegisters = 16; // of vectorBits

  bool mayUse(llvm::StringRef feature) const;
};

/// `cpu` is "native", which is this machine with exactly the features that it reports, or LLVM's name of a CPU.
llvm::Expected<Target> resolveTarget(llvm::StringRef cpu);

/// Names from which codeFeatures are drawn. The runtime knows each of them.
llvm::ArrayRef<llvm::StringLiteral> checkableFeatures();

std::unique_ptr<llvm::TargetMachine> createTargetMachine(const Target &target);

} // namespace rwkvc

#endif // COMPILER_BACKENDS_LLVM_TARGET_H
