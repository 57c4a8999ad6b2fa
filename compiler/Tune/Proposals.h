//===- Proposals.h - Which points to try next --------------------*- C++ -*-===//
#ifndef COMPILER_TUNE_PROPOSALS_H
#define COMPILER_TUNE_PROPOSALS_H

#include "compiler/Tune/Point.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include <map>
#include <random>
#include <vector>

namespace rwkvc::tune {

/// A number that depends on all three alone.
uint64_t mix(uint64_t seed, llvm::StringRef task, uint64_t count);

/// Each of its functions takes what it returns out of what is untried.
class Proposals {
public:
  using Estimate = llvm::function_ref<double(const Point &)>;

  /// `known` are points that were measured, with their times by that of the default.
  Proposals(std::vector<Point> untried, std::map<Point, double> known, uint64_t seed)
      : untried(std::move(untried)), known(std::move(known)), numbers(seed) {}

  std::vector<Point> random(size_t count);

  /// Of each layout in turn what `estimate` takes for best, since the layout must suit all numbers of rows.
  std::vector<Point> seeds(size_t count, Estimate estimate);

  /// Children of the best known points: of two parents, with a change. What `predict` takes for best is taken, and some
  /// that are random.
  std::vector<Point> children(size_t count, Estimate predict);

private:
  size_t below(size_t count) { return numbers() % count; }
  std::vector<Point> take(const std::vector<Point> &points, size_t count, Estimate estimate);

  std::vector<Point> untried;
  std::map<Point, double> known;
  std::mt19937_64 numbers; // the same in every library
};

} // namespace rwkvc::tune

#endif // COMPILER_TUNE_PROPOSALS_H
