//===- Point.h - A schedule as the search sees it ----------------*- C++ -*-===//
#ifndef COMPILER_TUNE_POINT_H
#define COMPILER_TUNE_POINT_H

#include <compare>
#include <cstdint>
#include <utility>

namespace rwkvc::tune {

/// What is searched of a schedule; the fields are those of dialects/Kernel/Schedule.td.
struct Point {
  int64_t panel = 0, tileRows = 0, tileColumns = 0, tileInputs = 0, prefetch = 0;
  int64_t backend = 0; // its place in compiler/Backends/Backends.cpp
  bool skipZeros = false;
  int64_t block = 64;

  /// How the weight lies, which all kernels of it must agree on.
  using Layout = std::pair<int64_t, bool>; // panel, whether input-major
  Layout layout() const { return {panel, skipZeros}; }

  auto operator<=>(const Point &) const = default;
};

} // namespace rwkvc::tune

#endif // COMPILER_TUNE_POINT_H
