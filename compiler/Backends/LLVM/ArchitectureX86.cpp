//===- ArchitectureX86.cpp - x86-64 ---------------------------------------===//
#include "compiler/Backends/LLVM/Architecture.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/TargetSelect.h"

using namespace llvm;

static constexpr StringLiteral checkable[] = {"sse3",
                                              "ssse3",
                                              "sse4.1",
                                              "sse4.2",
                                              "sse4a",
                                              "popcnt",
                                              "lzcnt",
                                              "bmi",
                                              "bmi2",
                                              "adx",
                                              "movbe",
                                              "prfchw",
                                              "avx",
                                              "avx2",
                                              "fma",
                                              "f16c",
                                              "xop",
                                              "fma4",
                                              "tbm",
                                              "gfni",
                                              "avx512f",
                                              "avx512cd",
                                              "avx512bw",
                                              "avx512dq",
                                              "avx512vl",
                                              "avx512vbmi",
                                              "avx512vbmi2",
                                              "avx512ifma",
                                              "avx512vnni",
                                              "avx512bitalg",
                                              "avx512vpopcntdq",
                                              "avx512bf16",
                                              "avx512fp16",
                                              "avxvnni",
                                              "avxvnniint8",
                                              "avxvnniint16",
                                              "avxifma",
                                              "avxneconvert"};

// Kernels fuse multiply-adds and widen f16: without these instructions they would be calls.
static constexpr StringLiteral required[] = {"avx2", "fma", "f16c"};

static void initialise() {
  LLVMInitializeX86TargetInfo();
  LLVMInitializeX86Target();
  LLVMInitializeX86TargetMC();
  LLVMInitializeX86AsmPrinter();
}

// Switched off whether a CPU has them or not, so that features read the same for all.
static SmallVector<StringRef> uncheckable(const StringSet<> &) {
  return {"egpr", "ndd", "ppx", "push2pop2", "ccmp", "cf", "nf", "zu", "avx10.2"};
}

static void describe(rwkvc::Target &target, const StringSet<> &enabled) {
  auto has = [&](StringRef name) { return enabled.contains(name); };
  target.avx512 = all_of(ArrayRef<StringRef>{"avx512f", "avx512bw", "avx512dq", "avx512vl"}, has);
  target.bf16Dot = target.avx512 && has("avx512bf16");
  target.int8Dot = target.manyBytes = target.avx512 && has("avx512vnni");
  // Measured on a Zen 3, an Emerald Rapids and a Zen 4 (docs/RationaleKernel.md); AMD's have no avx512fp16.
  target.prefetch = !target.avx512 ? 2048 : has("avx512fp16") ? 4096 : 1024;
  target.vectorBits = target.avx512 ? 512 : 256;
  target.vectorRegisters = target.avx512 ? 32 : 16;
}

const rwkvc::Architecture rwkvc::x86Architecture = {
    Triple::x86_64, "x86-64",    "x86_64-unknown-linux-gnu",
    "x86-64",       "x86-64-v3", checkable,
    required,       initialise,  [](StringRef) -> std::optional<std::string> { return std::nullopt; },
    uncheckable,    describe};
