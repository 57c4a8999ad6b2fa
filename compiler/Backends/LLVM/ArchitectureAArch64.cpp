//===- ArchitectureAArch64.cpp - ARM's 64-bit architecture ----------------===//
//
// Vectors are NEON's 128 bits, which all of these CPUs have. SVE is not used: kernels are loops over vectors of a
// known width.
//
//===----------------------------------------------------------------------===//
#include "compiler/Backends/LLVM/Architecture.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/AArch64TargetParser.h"

using namespace llvm;

static constexpr StringLiteral checkable[] = {"fp-armv8", "neon", "dotprod", "i8mm"};
static constexpr StringLiteral required[] = {"neon"};

static void initialise() {
  LLVMInitializeAArch64TargetInfo();
  LLVMInitializeAArch64Target();
  LLVMInitializeAArch64TargetMC();
  LLVMInitializeAArch64AsmPrinter();
}

static std::optional<std::string> level(StringRef name) {
  const AArch64::ArchInfo *info = AArch64::parseArch(name);
  return info ? std::optional(info->ArchFeature.str()) : std::nullopt;
}

// LLVM has a list of what it calls extensions, so that those of future CPUs are known as such.
static SmallVector<StringRef> uncheckable(const StringSet<> &enabled) {
  SmallVector<StringRef> names;
  for (const AArch64::ExtensionInfo &extension : AArch64::Extensions) {
    StringRef name = extension.PosTargetFeature.ltrim('+');
    if (enabled.contains(name) && !is_contained(checkable, name))
      names.push_back(name);
  }
  return names;
}

static void describe(rwkvc::Target &target, const StringSet<> &enabled) {
  target.int8Dot = enabled.contains("dotprod");
  target.vectorBits = 128;
  target.vectorRegisters = 32;
}

const rwkvc::Architecture rwkvc::aarch64Architecture = {Triple::aarch64, "AArch64",  "aarch64-unknown-linux-gnu",
                                                        "generic",       "armv8-a",  checkable,
                                                        required,        initialise, level,
                                                        uncheckable,     describe};
