// Decisions rest on IEEE arithmetic in a fixed order and on whole numbers, never on the C library's functions: the
// same logits give the same token on every machine.
#include "runtime/src/Sampler.h"

#include "runtime/src/SamplingWeights.h"

#include "runtime/src/Status.h"

#include <algorithm>
#include <cmath>
#include <cstring>

using namespace rwkvc;

// SplitMix64's finaliser: every bit of the input moves every bit of the result.
static uint64_t mix(uint64_t bits) {
  bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9u;
  bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebu;
  return bits ^ (bits >> 31);
}

// The stream's number `index`. The seed is mixed first, so that neighbouring seeds are not shifts of one stream.
static uint64_t randomNumber(uint64_t seed, uint64_t index) {
  constexpr uint64_t golden = 0x9e3779b97f4a7c15u; // 2^64 / golden ratio, odd
  return mix(mix(seed + golden) + (index + 1) * golden);
}

rwkvc_sampler::rwkvc_sampler(uint32_t vocabulary, const rwkvc_sampling_t &sampling)
    : vocabulary(vocabulary), sampling(sampling), adjusted(vocabulary), counts(vocabulary), isSeen(vocabulary),
      selection(vocabulary) {
  seen.reserve(vocabulary);
  for (uint64_t i = 0; i < sampling.bias_count; ++i)
    biases.push_back({static_cast<uint32_t>(sampling.bias_tokens[i]), sampling.bias_values[i]});
}

void rwkvc_sampler::reset() {
  for (uint32_t token : seen) {
    counts[token] = 0;
    isSeen[token] = false;
  }
  seen.clear();
  drawn = 0;
}

// Bias, then penalties.
rwkvc_status_t rwkvc_sampler::adjust(const float *logits, float &greatest) {
  bool usable = true; // not NaN, not +infinity
  for (uint32_t i = 0; i < vocabulary; ++i) {
    adjusted[i] = logits[i];
    usable &= logits[i] < INFINITY;
  }
  for (uint32_t i = 0; !usable && i < vocabulary; ++i)
    if (!(logits[i] < INFINITY))
      return fail(RWKVC_INVALID_ARGUMENT, "the logit of token %u is %f", i, static_cast<double>(logits[i]));
  for (const Bias &bias : biases)
    adjusted[bias.token] += bias.value;
  for (uint32_t token : seen)
    adjusted[token] -= sampling.presence_penalty + sampling.frequency_penalty * counts[token];
  // Biases of one token may add up to infinity before -INFINITY forbids it.
  for (const Bias &bias : biases)
    if (std::isnan(adjusted[bias.token]))
      return fail(RWKVC_INVALID_ARGUMENT, "the logit of token %u is not a number after its biases", bias.token);
  greatest = selection.start(adjusted.data());
  if (greatest == INFINITY)
    return fail(RWKVC_INVALID_ARGUMENT, "a logit is infinite after bias and penalties");
  if (greatest == -INFINITY)
    return fail(RWKVC_INVALID_ARGUMENT, "no token is possible: every logit is -infinity");
  return RWKVC_OK;
}

uint32_t rwkvc_sampler::draw(float greatest) {
  selection.setScale(WeightScale(greatest, sampling.temperature));
  if (sampling.top_k > 0)
    selection.keepMostProbable(sampling.top_k);
  if (sampling.min_p > 0)
    selection.dropLighterThan(static_cast<uint64_t>(std::ceil(sampling.min_p * static_cast<double>(weightOne))));
  if (sampling.top_p < 1)
    selection.keepShare(sampling.top_p);
  return selection.draw(randomNumber(sampling.seed, drawn++));
}

void rwkvc_sampler::remember(uint32_t token) {
  for (uint32_t other : seen)
    counts[other] *= sampling.penalty_decay;
  counts[token] += 1;
  if (!isSeen[token])
    seen.push_back(token);
  isSeen[token] = true;
}

rwkvc_status_t rwkvc_sampler::sample(const float *logits, int32_t *out_token) {
  float greatest;
  if (rwkvc_status_t status = adjust(logits, greatest))
    return status;
  uint32_t token = sampling.temperature == 0
                       ? static_cast<uint32_t>(std::find(adjusted.begin(), adjusted.end(), greatest) - adjusted.begin())
                       : draw(greatest);
  remember(token);
  *out_token = static_cast<int32_t>(token);
  return RWKVC_OK;
}
