//===- CostModel.cpp - A guess of what was not measured -------------------===//
#include "compiler/Tune/CostModel.h"
#include <cstddef>
#include <utility>

using namespace rwkvc::tune;

static constexpr double kPenalty = 0.1;

void CostModel::add(std::vector<double> features, double value) {
  rows.push_back(std::move(features));
  values.push_back(value);
  isSolved = false;
}

double CostModel::predict(const std::vector<double> &features) {
  if (rows.empty())
    return 0;
  if (!isSolved)
    solve();
  double sum = 0;
  for (size_t i = 0; i < features.size(); ++i)
    sum += features[i] * weights[i];
  return sum;
}

/// The normal equations by elimination; the penalty makes the matrix positive definite, so no pivot is searched.
void CostModel::solve() {
  size_t size = rows.front().size();
  std::vector<std::vector<double>> matrix(size, std::vector<double>(size + 1));
  for (size_t r = 0; r < rows.size(); ++r)
    for (size_t i = 0; i < size; ++i) {
      for (size_t j = 0; j < size; ++j)
        matrix[i][j] += rows[r][i] * rows[r][j];
      matrix[i][size] += rows[r][i] * values[r];
    }
  for (size_t i = 0; i < size; ++i)
    matrix[i][i] += kPenalty;
  for (size_t i = 0; i < size; ++i)
    for (size_t k = i + 1; k < size; ++k) {
      double factor = matrix[k][i] / matrix[i][i];
      for (size_t j = i; j <= size; ++j)
        matrix[k][j] -= factor * matrix[i][j];
    }
  weights.assign(size, 0);
  for (size_t i = size; i-- > 0;) {
    double sum = matrix[i][size];
    for (size_t j = i + 1; j < size; ++j)
      sum -= matrix[i][j] * weights[j];
    weights[i] = sum / matrix[i][i];
  }
  isSolved = true;
}
