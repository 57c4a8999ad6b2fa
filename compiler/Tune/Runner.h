//===- Runner.h - Candidates, measured in a process of their own -*- C++ -*-===//
#ifndef COMPILER_TUNE_RUNNER_H
#define COMPILER_TUNE_RUNNER_H

#include "compiler/Tune/MeasureKernels.h"
#include "compiler/Tune/Tasks.h"

namespace rwkvc::tune {

struct Measured {
  std::string verdict = "ok"; // as in TuningRecord
  double ns = 0;              // of a call, the median
  double ratio = 0;           // to the first point in the same round, the median
  double spread = 0;          // of that median: half of the middle half's width by the root of the rounds
};

/// Starts this program as `rwkvc measure-kernels`, again if a candidate ends it or takes longer than it may.
class Runner {
public:
  struct Limits {
    double compileSeconds = 60; // of all candidates
    double callSeconds = 20;    // until a line
    uint64_t bytes = uint64_t(12) << 30;
  };

  Runner(uint32_t threads, uint64_t coldBytes, Limits limits) : threads(threads), coldBytes(coldBytes), limits(limits) {}

  /// One for each of `points`; the first is what all are compared with. Fails if that one cannot be measured.
  llvm::Expected<std::vector<Measured>> measure(const Task &task, const std::vector<Point> &points, int64_t rounds);

private:
  uint32_t threads;
  uint64_t coldBytes;
  Limits limits;
};

} // namespace rwkvc::tune

#endif // COMPILER_TUNE_RUNNER_H
