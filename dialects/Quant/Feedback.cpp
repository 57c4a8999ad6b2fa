//===- Feedback.cpp - Errors that later inputs make up for ----------------===//
//
// In double and in one order, so that the same moments give the same bytes.
//
//===----------------------------------------------------------------------===//
#include "dialects/Quant/Feedback.h"
#include <algorithm>
#include <cmath>

using namespace rwkvc::weight;

namespace {

/// One block: H, then R, then U, [size, size].
class Block {
public:
  Block(const float *sums, int64_t size) : size(size), matrix(sums, sums + size * size), column(size) {
    double trace = 0;
    for (int64_t i = 0; i < size; ++i)
      trace += at(i, i);
    double damping = Feedback::kDamping * trace / double(size);
    for (int64_t i = 0; i < size; ++i)
      at(i, i) += damping > 0 ? damping : 1; // of inputs that are always zero every weight is right
  }

  /// The last column first; what it explains is taken off all that is left.
  void factor() {
#pragma STDC FP_CONTRACT OFF
    for (int64_t j = size - 1; j >= 0; --j) {
      double diagonal = std::sqrt(at(j, j));
      for (int64_t i = 0; i <= j; ++i)
        column[i] = at(j, i) / diagonal; // the lower half is as the upper one was
      for (int64_t i = 0; i < j; ++i)
        for (int64_t k = 0; k <= i; ++k)
          at(i, k) -= column[i] * column[k];
      for (int64_t i = 0; i <= j; ++i)
        at(i, j) = column[i];
    }
  }

  /// Row by row: U R = 1.
  void invert(int64_t k, double *row) const {
#pragma STDC FP_CONTRACT OFF
    std::fill_n(row, size, 0.0);
    row[k] = 1;
    for (int64_t i = k; i < size; ++i) {
      row[i] /= at(i, i);
      for (int64_t j = i + 1; j < size; ++j)
        row[j] -= row[i] * at(i, j);
    }
  }

  double at(int64_t i, int64_t j) const { return matrix[i * size + j]; }
  double &at(int64_t i, int64_t j) { return matrix[i * size + j]; }

private:
  int64_t size;
  std::vector<double> matrix, column;
};

} // namespace

Feedback::Feedback(const InputMoments &moments) : block(moments.block) {
  int64_t inputs = int64_t(moments.sums.size()) / block;
  shares.resize((inputs + kPadding) * block);
  std::vector<double> worth(inputs), row(block);
  for (int64_t first = 0; first < inputs; first += block) {
    Block factors(moments.sums.data() + first * block, block);
    factors.factor();
    for (int64_t k = 0; k < block; ++k) {
      worth[first + k] = factors.at(k, k) * factors.at(k, k);
      factors.invert(k, row.data());
      for (int64_t j = k + 1; j < block; ++j)
        shares[(first + k) * block + j] = float(row[j] / row[k]);
    }
  }
  double greatest = *std::max_element(worth.begin(), worth.end());
  costs.assign(inputs + kPadding, 0);
  std::transform(worth.begin(), worth.end(), costs.begin(), [&](double x) { return float(x / greatest); });
}
