// Softmaxes are never stored: a row's largest logit and the logarithm of its sum are all that is needed of them.
#include "runtime/tools/Comparison.h"

#include <algorithm>
#include <cmath>

using namespace rwkvc;

namespace {

struct Row {
  const float *logits;
  uint64_t best;         // the first of the likeliest
  double logarithmOfSum; // of all exponentials: ln p = logit - this
};

Row describe(const float *logits, uint64_t count) {
  uint64_t best = static_cast<uint64_t>(std::max_element(logits, logits + count) - logits);
  double sum = 0, largest = logits[best];
  for (uint64_t i = 0; i < count; ++i)
    sum += std::exp(logits[i] - largest);
  return {logits, best, largest + std::log(sum)};
}

double median(std::vector<double> values) {
  size_t half = values.size() / 2;
  std::nth_element(values.begin(), values.begin() + static_cast<ptrdiff_t>(half), values.end());
  if (values.size() % 2)
    return values[half];
  return (values[half] + *std::max_element(values.begin(), values.begin() + static_cast<ptrdiff_t>(half))) / 2;
}

} // namespace

void Comparison::add(const float *a, const float *b, std::optional<int32_t> next) {
  Row rowA = describe(a, vocabulary), rowB = describe(b, vocabulary);
  double divergence = 0;
  for (uint64_t i = 0; i < vocabulary; ++i) {
    double logA = a[i] - rowA.logarithmOfSum, logB = b[i] - rowB.logarithmOfSum;
    divergence += std::exp(logA) * (logA - logB);
    double difference = std::fabs(static_cast<double>(a[i]) - b[i]);
    differenceSum += difference;
    differenceMax = std::max(differenceMax, difference);
  }
  kl.push_back(std::max(0.0, divergence)); // rounding may leave -1e-17
  agreeing += rowA.best == rowB.best;
  if (next) {
    ++predicted;
    surpriseA += rowA.logarithmOfSum - a[*next];
    surpriseB += rowB.logarithmOfSum - b[*next];
  }
}

ComparisonResult Comparison::result() const {
  ComparisonResult result;
  auto count = static_cast<double>(kl.size());
  auto worst = std::max_element(kl.begin(), kl.end());
  result.positions = kl.size();
  for (double divergence : kl)
    result.klMean += divergence / count;
  result.klMedian = median(kl);
  result.klMax = *worst;
  result.klMaxPosition = static_cast<uint64_t>(worst - kl.begin());
  result.differenceMean = differenceSum / count / static_cast<double>(vocabulary);
  result.differenceMax = differenceMax;
  result.agreement = static_cast<double>(agreeing) / count;
  if (predicted) {
    result.perplexityA = std::exp(surpriseA / static_cast<double>(predicted));
    result.perplexityB = std::exp(surpriseB / static_cast<double>(predicted));
  }
  return result;
}
