// How far one model's predictions are from another's, position by position, in double precision.
#ifndef RUNTIME_TOOLS_COMPARISON_H
#define RUNTIME_TOOLS_COMPARISON_H

#include <cstdint>
#include <optional>
#include <vector>

namespace rwkvc {

struct ComparisonResult {
  uint64_t positions = 0;
  double klMean = 0, klMedian = 0, klMax = 0;     // KL(A||B) of the softmaxes, in nats
  uint64_t klMaxPosition = 0;                     // from 0
  double differenceMean = 0, differenceMax = 0;   // |logit of A - logit of B|
  double agreement = 0;                           // share of positions at which both have the same likeliest token
  std::optional<double> perplexityA, perplexityB; // of the tokens that follow; none without such
};

class Comparison {
public:
  explicit Comparison(uint64_t vocabulary) : vocabulary(vocabulary) {}

  // One position's logits, and the token that follows it in the text.
  void add(const float *a, const float *b, std::optional<int32_t> next);

  ComparisonResult result() const; // at least one position was added

private:
  uint64_t vocabulary;
  std::vector<double> kl;
  double differenceSum = 0, differenceMax = 0;
  uint64_t agreeing = 0, predicted = 0;
  double surpriseA = 0, surpriseB = 0; // -ln p of the tokens that followed, summed
};

} // namespace rwkvc

#endif // RUNTIME_TOOLS_COMPARISON_H
