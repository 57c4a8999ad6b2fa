//===- Space.cpp - The schedules that are worth a try ---------------------===//
//
// The analytic model only prunes and starts the search: what is fastest is measured.
//
//===----------------------------------------------------------------------===//
#include "compiler/Tune/Space.h"
#include "compiler/Passes/Panels.h"
#include "dialects/Quant/Format.h"
#include <algorithm>
#include <cmath>

using namespace rwkvc::tune;

using rwkvc::weight::kLanes;

/// Registers of a tile: sums, a vector of weights each, an input.
static int64_t registersOf(const Point &point, const KernelShape &shape) {
  int64_t vectors = point.tileColumns / kLanes;
  return point.tileRows * vectors * (shape.isInteger ? 2 : 1) + vectors + 1;
}

static std::vector<int64_t> panels(const KernelShape &shape) {
  std::vector<int64_t> found;
  for (int64_t panel : {16, 32, 64, 128, 256})
    if (rwkvc::passes::padsLittle(shape.outputs, panel))
      found.push_back(panel);
  return found;
}

static std::vector<int64_t> rowsOfTiles(const KernelShape &shape) {
  if (shape.mostRows == 1)
    return {1};
  // A few are mostly a power of two, and tiles for what is left are made anyway.
  if (shape.mostRows)
    return {1, 2, 4, 8};
  return {1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16};
}

/// Inputs at a time: for many rows alone, and for those kernels that part them.
static std::vector<int64_t> inputsAtOnce(const KernelShape &shape) {
  std::vector<int64_t> found = {0};
  if (shape.mostRows == 0 && shape.inputs % 64 == 0)
    for (int64_t inputs : {64, 128, 256, 512, 1024, 2048, 4096})
      if (inputs < shape.inputs)
        found.push_back(inputs);
  return found;
}

static std::vector<int64_t> distances(const KernelShape &shape) {
  if (shape.isWidened)
    return {0};
  if (shape.mostRows == 1)
    return {0, 512, 1024, 2048, 4096, 8192, 16384, 32768};
  if (shape.mostRows)
    return {0, 4096};
  return {0, 1024};
}

/// One row sums in memory, whatever its tile; more of them widen blocks, and sum floats.
static void addSkipping(std::vector<Point> &found, KernelShape shape, const Machine &machine) {
  int64_t panel = rwkvc::weight::kInputBlock;
  shape.isInteger = false;
  if (shape.mostRows == 1)
    found.push_back({.panel = panel, .tileRows = 1, .tileColumns = panel, .skipZeros = true});
  for (int64_t columns : {16, 32, 64, 128})
    for (int64_t rows : rowsOfTiles(shape)) {
      Point point{.panel = panel, .tileRows = rows, .tileColumns = columns, .skipZeros = true};
      if (shape.mostRows != 1 && registersOf(point, shape) <= machine.registers + 2)
        found.push_back(point);
    }
}

std::vector<Point> rwkvc::tune::searchSpace(const KernelShape &shape, const Machine &machine) {
  std::vector<Point> found;
  for (int64_t panel : panels(shape))
    for (int64_t columns = kLanes; columns <= panel; columns += kLanes)
      for (int64_t rows : rowsOfTiles(shape))
        for (int64_t inputs : inputsAtOnce(shape))
          for (int64_t prefetch : distances(shape)) {
            Point point{panel, rows, columns, inputs, prefetch};
            bool fits = registersOf(point, shape) <= machine.registers + 2;
            if (panel % columns == 0 && (fits || rows == 1) && !(inputs && prefetch))
              found.push_back(point);
          }
  if (shape.hasZeros)
    addSkipping(found, shape, machine);
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<Point> rwkvc::tune::scanSpace(const Point &standard, int64_t group, bool hasBlocks) {
  std::vector<Point> found = {standard};
  for (int64_t rows : {1, 2, 4, 8})
    if (Point point = standard; group && group % rows == 0 && rows != standard.tileRows) {
      point.tileRows = rows;
      found.push_back(point);
    }
  // Narrower ones would add up in another order.
  for (int64_t block : {64, 128, 256})
    if (Point point = standard; hasBlocks && block != standard.block) {
      point.block = block;
      found.push_back(point);
    }
  return found;
}

/// Bytes of a panel that all rows pass before the next ones.
static double blockBytes(const Point &point, const KernelShape &shape) {
  double perInput = shape.weightBytes / double(shape.outputs) / double(shape.inputs) * double(point.panel);
  return perInput * double(point.tileInputs ? point.tileInputs : shape.inputs);
}

std::vector<double> rwkvc::tune::features(const Point &point, const KernelShape &shape, const Machine &machine) {
  double vectors = double(point.tileColumns) / kLanes, rows = double(point.tileRows);
  double sums = rows * vectors, loads = (rows + vectors) / sums;
  double spill = std::max(0.0, double(registersOf(point, shape) - machine.registers));
  double block = blockBytes(point, shape);
  auto logarithm = [](double value) { return std::log2(1 + value) / 8; };
  auto is = [](bool condition) { return condition ? 1.0 : 0.0; };
  std::vector<double> numbers = {1,
                                 logarithm(double(point.panel)),
                                 logarithm(sums),
                                 1 / sums,
                                 loads,
                                 loads * loads,
                                 vectors / rows / 4,
                                 spill / 4,
                                 logarithm(block),
                                 is(block <= double(machine.firstCache)),
                                 is(block <= double(machine.secondCache) / 2),
                                 is(block > double(machine.secondCache)),
                                 is(point.tileInputs != 0),
                                 64.0 / double(point.tileInputs ? point.tileInputs : shape.inputs),
                                 is(point.prefetch != 0),
                                 is(point.panel == point.tileColumns),
                                 is(point.skipZeros)};
  // One of each value that occurs, for what has no slope.
  for (int64_t panel : {16, 32, 64, 128, 256})
    numbers.push_back(is(point.panel == panel));
  for (int64_t distance : {512, 1024, 2048, 4096, 8192, 16384, 32768})
    numbers.push_back(is(point.prefetch == distance));
  for (int64_t backend : {1, 2})
    numbers.push_back(is(point.backend == backend));
  for (int64_t tileRows : {1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16})
    numbers.push_back(is(point.tileRows == tileRows));
  for (int64_t tileVectors : {1, 2, 4, 8, 16})
    numbers.push_back(is(vectors == double(tileVectors)));
  return numbers;
}

double rwkvc::tune::analyticCost(const Point &point, const KernelShape &shape, const Machine &machine) {
  double vectors = double(point.tileColumns) / kLanes, rows = double(point.tileRows);
  double sums = rows * vectors;
  // Blocks are widened: the default's tile of 6 x 64 first.
  if (point.skipZeros)
    return std::abs(std::log2(vectors / 4)) + std::abs(rows - 6) / 6;
  // A cycle makes two products and takes three loads; four cycles later a product can be added to again.
  double products = std::max(0.5, 4 / sums), loads = (rows + vectors) / sums / 3;
  double spill = std::max(0.0, double(registersOf(point, shape) - machine.registers)) / sums;
  double block = blockBytes(point, shape);
  double far = block > double(machine.secondCache) / 2 ? 0.3 : block > double(machine.firstCache) ? 0.1 : 0;
  // One row waits for memory: panels as they lie, and something ahead.
  if (shape.mostRows == 1)
    return double(point.panel != point.tileColumns) + 1 / vectors + 0.1 * double(point.prefetch == 0);
  double sumsInMemory = point.tileInputs ? 16.0 / double(point.tileInputs) : 0;
  return std::max(products, loads) + spill + far / rows * 2 + sumsInMemory;
}
