//===- Machine.h - What a search knows of the CPU ----------------*- C++ -*-===//
#ifndef COMPILER_TUNE_MACHINE_H
#define COMPILER_TUNE_MACHINE_H

#include "compiler/Backends/LLVM/Target.h"
#include <cstdint>

namespace rwkvc::tune {

struct Machine {
  int64_t registers;             // each of 16 f32
  uint64_t firstCache, secondCache; // bytes of a core's data
  uint64_t lastCache;            // bytes, of all cores that share it
};

/// This machine, as its CPU describes itself; where it does not, as most CPUs are.
Machine thisMachine(const Target &target);

} // namespace rwkvc::tune

#endif // COMPILER_TUNE_MACHINE_H
