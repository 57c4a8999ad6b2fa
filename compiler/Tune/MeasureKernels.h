//===- MeasureKernels.h - The process that candidates run in -----*- C++ -*-===//
//
// A candidate may crash, hang or compute something else, so they run where that does no harm: in a process that is told
// what to do by standard input, and says by lines on standard output how far it is.
//
//===----------------------------------------------------------------------===//
#ifndef COMPILER_TUNE_MEASUREKERNELS_H
#define COMPILER_TUNE_MEASUREKERNELS_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstdint>

namespace rwkvc::tune {

struct MeasureOptions {
  int64_t rows = 1;       // of a call
  int64_t rounds = 5;     // in which candidates take turns
  uint32_t threads = 0;   // 0 for one each CPU
  uint64_t coldBytes = 0; // of weights, read before one is read again
  double zeros = 0;       // share of the rows' numbers
  double roundNs = 1e6;   // of a candidate in a round, or one call
  bool isLoose = false;   // candidates with other results are measured, too
  std::string autoscheduler = {}; // of Halide, instead of the candidates' schedules
};

/// What a line begins with; a space, and the number of a candidate, may follow.
inline constexpr llvm::StringLiteral kCompiled = "compiled"; // all of them
inline constexpr llvm::StringLiteral kRunning = "running";   // the first call of one
inline constexpr llvm::StringLiteral kWrong = "wrong";       // one's results are not those of the first
inline constexpr llvm::StringLiteral kTimes = "times";       // of one: a call's ns in each round
inline constexpr llvm::StringLiteral kFinished = "finished";

/// Compiles and measures @kernel_0, @kernel_1, ... of `text` (Tasks.h). The results of each are compared with those of the
/// first that skips zeros as it does, or does not: weights that are stored input by input are rounded otherwise.
llvm::Error measureKernels(llvm::StringRef text, MeasureOptions options);

} // namespace rwkvc::tune

#endif // COMPILER_TUNE_MEASUREKERNELS_H
