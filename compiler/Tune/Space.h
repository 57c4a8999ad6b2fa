//===- Space.h - The schedules that are worth a try --------------*- C++ -*-===//
#ifndef COMPILER_TUNE_SPACE_H
#define COMPILER_TUNE_SPACE_H

#include "compiler/Tune/Machine.h"
#include "compiler/Tune/Point.h"
#include <vector>

namespace rwkvc::tune {

/// What a space is made for.
struct KernelShape {
  int64_t mostRows;         // 1, a few, or 0 for any number
  int64_t outputs, inputs;  // of the weight
  double weightBytes;       // of the weight
  bool isInteger;           // a sum takes two registers
  bool isWidened;           // blocks of the weight are copied
  bool isLookedUp;          // weights of 4 bits
  bool hasZeros = false;    // the rows, and they may be skipped
};

/// Every point that the shape allows and that neither spills all of its sums nor pads its outputs much; in order.
std::vector<Point> searchSpace(const KernelShape &shape, const Machine &machine);

/// Every point of a scan. `group` is the size of groups that have a matrix as a state, 0 without one; rows that are not split
/// into groups may be cut into blocks.
std::vector<Point> scanSpace(const Point &standard, int64_t group, bool hasBlocks);

/// What a point means for the machine, as numbers of about 1: for the model that learns from measurements.
std::vector<double> features(const Point &point, const KernelShape &shape, const Machine &machine);

/// An estimate of a call's time, by which the first points are chosen. Only its order counts.
double analyticCost(const Point &point, const KernelShape &shape, const Machine &machine);

} // namespace rwkvc::tune

#endif // COMPILER_TUNE_SPACE_H
