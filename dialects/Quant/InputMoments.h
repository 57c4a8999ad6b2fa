//===- InputMoments.h - What a matrix is multiplied with ---------*- C++ -*-===//
//
// Second moments of neighbouring inputs over a text. An error of one weight can be made up for by others whose inputs
// move with its own: Feedback.h.
//
//===----------------------------------------------------------------------===//
#ifndef DIALECTS_QUANT_INPUTMOMENTS_H
#define DIALECTS_QUANT_INPUTMOMENTS_H

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace rwkvc::weight {

/// The most inputs whose products are summed with each other's.
inline constexpr int64_t kMomentsBlock = 128;

/// The largest divisor of `inputs` that is no more than `most`.
inline int64_t momentsBlock(int64_t inputs, int64_t most = kMomentsBlock) {
  int64_t block = std::min(inputs, most);
  while (inputs % block)
    --block;
  return block;
}

/// How the name of a state begins that holds them; names of matrices follow, with blanks between them.
inline constexpr char kMomentsOf[] = "inputs of ";

struct InputMoments {
  int64_t block;           // momentsBlock(inputs)
  std::vector<float> sums; // [inputs / block, block, block]: x[i] * x[j] summed over all rows
};

/// By the name of a matrix; those with the same inputs share them.
using MomentsTable = std::map<std::string, std::shared_ptr<const InputMoments>, std::less<>>;

} // namespace rwkvc::weight

#endif // DIALECTS_QUANT_INPUTMOMENTS_H
