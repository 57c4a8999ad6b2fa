// Exponentials take most of the time, so each is computed once, and softmaxes are never stored.
#include "runtime/tools/Comparison.h"

#include <algorithm>
#include <cmath>

using namespace rwkvc;

namespace {

double median(std::vector<double> values) {
  size_t half = values.size() / 2;
  std::nth_element(values.begin(), values.begin() + static_cast<ptrdiff_t>(half), values.end());
  if (values.size() % 2)
    return values[half];
  return (values[half] + *std::max_element(values.begin(), values.begin() + static_cast<ptrdiff_t>(half))) / 2;
}

} // namespace

void Comparison::add(const float *a, const float *b, std::optional<int32_t> next) {
  const float *bestA = std::max_element(a, a + vocabulary), *bestB = std::max_element(b, b + vocabulary);
  double sumA = 0, sumB = 0, weighted = 0;
  for (uint64_t i = 0; i < vocabulary; ++i) {
    double difference = static_cast<double>(a[i]) - b[i];
    double exponentialA = std::exp(static_cast<double>(a[i]) - *bestA);
    sumA += exponentialA;
    sumB += std::exp(static_cast<double>(b[i]) - *bestB);
    weighted += exponentialA * difference;
    differenceSum += std::fabs(difference);
    differenceMax = std::max(differenceMax, std::fabs(difference));
  }
  // ln p = logit - this.
  double logarithmA = *bestA + std::log(sumA), logarithmB = *bestB + std::log(sumB);
  // The sum of p(A) * (ln p(A) - ln p(B)); rounding may leave -1e-17.
  kl.push_back(std::max(0.0, weighted / sumA - (logarithmA - logarithmB)));
  agreeing += bestA - a == bestB - b; // the first of equals
  if (next) {
    ++predicted;
    surpriseA += logarithmA - a[*next];
    surpriseB += logarithmB - b[*next];
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
