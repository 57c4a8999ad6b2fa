//===- CostModel.h - A guess of what was not measured ------------*- C++ -*-===//
#ifndef COMPILER_TUNE_COSTMODEL_H
#define COMPILER_TUNE_COSTMODEL_H

#include <vector>

namespace rwkvc::tune {

/// Linear in its features; least squares, with a penalty that keeps few measurements from meaning much.
class CostModel {
public:
  void add(std::vector<double> features, double value);

  /// 0 before anything was added.
  double predict(const std::vector<double> &features);

private:
  void solve();

  std::vector<std::vector<double>> rows;
  std::vector<double> values, weights;
  bool isSolved = false;
};

} // namespace rwkvc::tune

#endif // COMPILER_TUNE_COSTMODEL_H
