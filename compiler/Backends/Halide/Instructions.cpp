//===- Instructions.cpp - What multiplies integers, by target -------------===//
#include "compiler/Backends/Halide/Instructions.h"

using namespace rwkvc::halide_backend;

/// Of two with the same name, the target's best comes first.
static constexpr MachineInstruction instructions[] = {
    {kDotPairs, "avx512bf16", "x86.avx512bf16.dpbf16ps.512", 16},
    {kDotBytes, "avx512vnni", "x86.avx512.vpdpbusd.512", 16},
    {kDotBytes, "i8mm", "aarch64.neon.usdot", 4},
    {kDotBytes, "dotprod", "aarch64.neon.sdot", 4, /*isSigned=*/true},
    {kDotWords, "avx2", "x86.avx2.pmadd.wd", 8},
    {kDotWords, "neon", nullptr, 16},
    {kLookUp, "avx512vbmi", "x86.avx512.permvar.qi.512", 16},
    {kLookUp, "avx512bw", "x86.avx512.pshuf.b.512", 16},
    {kLookUp, "avx2", "x86.avx2.pshuf.b", 8},
    {kLookUp, "neon", "aarch64.neon.tbl1", 4},
};

const MachineInstruction *
rwkvc::halide_backend::findInstruction(const std::string &call,
                                       const std::function<bool(const std::string &)> &mayUse) {
  for (const MachineInstruction &instruction : instructions)
    if (call.rfind(instruction.call, 0) == 0 && mayUse(instruction.feature))
      return &instruction;
  return nullptr;
}
