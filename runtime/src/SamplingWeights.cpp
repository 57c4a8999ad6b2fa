// exp by IEEE additions and multiplications alone: the C library's differs between its versions in the last bit.
// Compiled without contraction (runtime/CMakeLists.txt), since a fused multiply-add rounds differently.
#include "runtime/src/SamplingWeights.h"

#include <bit>

using namespace rwkvc;

// Adding it rounds a double to an integer, which its low bits then hold in two's complement.
static constexpr double roundToInteger = 6755399441055744.0; // 1.5 * 2^52

// Wider vectors where the CPU has them: twice as fast, and the same numbers.
#if defined(__x86_64__)
#define RWKVC_VECTORS __attribute__((target_clones("arch=x86-64-v4,arch=x86-64-v3,default")))
#else
#define RWKVC_VECTORS
#endif

static constexpr double least = -60.0; // exp of it is far below half of a weight's unit

// 2^fraction for |fraction| <= 0.5, with an error of 2e-13. The coefficients are ln(2)^k / k!.
static inline double exp2Fraction(double fraction) {
  double sum = 7.054911620801123e-09;
  sum = sum * fraction + 1.0178086009239699e-07;
  sum = sum * fraction + 1.3215486790144307e-06;
  sum = sum * fraction + 1.5252733804059841e-05;
  sum = sum * fraction + 1.5403530393381608e-04;
  sum = sum * fraction + 1.3333558146428443e-03;
  sum = sum * fraction + 9.6181291076284772e-03;
  sum = sum * fraction + 5.5504108664821580e-02;
  sum = sum * fraction + 2.4022650695910072e-01;
  sum = sum * fraction + 6.9314718055994531e-01;
  return sum * fraction + 1.0;
}

static inline uint64_t weightOf(float logit, const WeightScale &scale) {
  constexpr double log2e = 1.4426950408889634;
  constexpr double mantissa = 4503599627370496.0; // 2^52
  double exponent = (static_cast<double>(logit) - scale.greatest) * scale.inverse;
  exponent = exponent < least ? least : exponent;
  double scaled = exponent * log2e;
  double rounded = scaled + roundToInteger;
  double power = exp2Fraction(scaled - (rounded - roundToInteger));
  // Times 2^(integer + 40), in the exponent's bits: nothing here is near zero or infinity.
  uint64_t shifted = std::bit_cast<uint64_t>(power) + ((std::bit_cast<uint64_t>(rounded) + 40) << 52);
  return std::bit_cast<uint64_t>(std::bit_cast<double>(shifted) + mantissa) & ((uint64_t{1} << 52) - 1);
}

RWKVC_VECTORS void rwkvc::computeWeights(const float *logits, uint32_t count, const WeightScale &scale,
                                         uint64_t *weights) {
  const WeightScale local = scale; // `weights` cannot change it
  for (uint32_t i = 0; i < count; ++i)
    weights[i] = weightOf(logits[i], local);
}

RWKVC_VECTORS uint64_t rwkvc::sumWeights(const float *logits, uint32_t count, const WeightScale &scale) {
  uint64_t sum = 0;
  for (uint32_t i = 0; i < count; ++i)
    sum += weightOf(logits[i], scale);
  return sum;
}
