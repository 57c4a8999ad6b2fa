//===- Statistics.h - Medians and how sure they are --------------*- C++ -*-===//
#ifndef COMPILER_TUNE_STATISTICS_H
#define COMPILER_TUNE_STATISTICS_H

#include <algorithm>
#include <cmath>
#include <vector>

namespace rwkvc::tune {

/// Of at least one number; `share` of them are smaller.
inline double quantile(std::vector<double> numbers, double share) {
  std::sort(numbers.begin(), numbers.end());
  double place = share * static_cast<double>(numbers.size() - 1);
  auto below = static_cast<size_t>(place);
  double part = place - static_cast<double>(below);
  return numbers[below] + (part > 0 ? part * (numbers[below + 1] - numbers[below]) : 0);
}

inline double median(const std::vector<double> &numbers) { return quantile(numbers, 0.5); }

/// How far the median may be off: half of the width that holds the middle half, by the root of the count.
inline double medianError(const std::vector<double> &numbers) {
  double width = quantile(numbers, 0.75) - quantile(numbers, 0.25);
  return width / 2 / std::sqrt(static_cast<double>(numbers.size()));
}

} // namespace rwkvc::tune

#endif // COMPILER_TUNE_STATISTICS_H
