//===- Feedback.h - Errors that later inputs make up for ---------*- C++ -*-===//
//
// Let H be the second moments of a block of inputs. Rounding an output's weights from w to q costs (w-q)' H (w-q) of
// its mean square. Inputs are rounded in order; when the error at k is e, the least that can remain after those that
// follow are chosen is (e * R[k, k])^2, where H = R R' and R is upper triangular, and it remains if every j > k then
// aims at w[j] - e * U[k, j] / U[k, k], where U is R's inverse.
//
//===----------------------------------------------------------------------===//
#ifndef DIALECTS_QUANT_FEEDBACK_H
#define DIALECTS_QUANT_FEEDBACK_H

#include "dialects/Quant/InputMoments.h"

namespace rwkvc::weight {

struct Feedback {
  explicit Feedback(const InputMoments &moments);

  /// Added to every input's moment, as a share of a block's mean: a text is not all that there is.
  static constexpr double kDamping = 0.01;

  /// Inputs of the most that a format rounds together: there are so many worthless ones beyond the last.
  static constexpr int64_t kPadding = 64;

  int64_t block;
  std::vector<float> shares; // [inputs + kPadding, block]: U[k, j] / U[k, k]; zeros for j <= k
  std::vector<float> costs;  // [inputs + kPadding]: R[k, k]^2, relative to the greatest of the matrix
};

} // namespace rwkvc::weight

#endif // DIALECTS_QUANT_FEEDBACK_H
