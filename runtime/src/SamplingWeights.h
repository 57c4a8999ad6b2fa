// From logits to probabilities as whole numbers. Whole numbers add up the same in any order, so a choice made with
// them is the same for every machine, compiler and vector width.
#ifndef RUNTIME_SRC_SAMPLINGWEIGHTS_H
#define RUNTIME_SRC_SAMPLINGWEIGHTS_H

#include <cstdint>

namespace rwkvc {

// The most probable token's weight. A token below 2^-41 of its probability has weight 0 and is never drawn.
constexpr uint64_t weightOne = uint64_t{1} << 40;

// So many weights still add up within 64 bits.
constexpr uint32_t mostTokens = 1u << 23;

// weight(logit) = exp((logit - greatest) / temperature) * weightOne, rounded.
struct WeightScale {
  WeightScale(float greatest, float temperature) : greatest(greatest), inverse(1.0 / double{temperature}) {}
  double greatest; // finite, and no logit is above it; -infinity has weight 0
  double inverse;
};

void computeWeights(const float *logits, uint32_t count, const WeightScale &scale, uint64_t *weights);
uint64_t sumWeights(const float *logits, uint32_t count, const WeightScale &scale);

} // namespace rwkvc

#endif // RUNTIME_SRC_SAMPLINGWEIGHTS_H
