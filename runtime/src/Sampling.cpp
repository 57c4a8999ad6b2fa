// The C functions of sampling: what a caller sets is checked here, once.
#include "runtime/src/Sampler.h"
#include "runtime/src/SamplingWeights.h"
#include "runtime/src/Status.h"

#include <algorithm>
#include <cinttypes>
#include <cmath>
#include <cstring>

using namespace rwkvc;

// The first version's size: a caller's struct has at least these fields.
static constexpr uint64_t leastBytes = sizeof(rwkvc_sampling_t);

static rwkvc_status_t checkRange(const char *name, float value, float least, float most) {
  if (value >= least && value <= most) // false for NaN
    return RWKVC_OK;
  if (most == HUGE_VALF)
    return fail(RWKVC_INVALID_ARGUMENT, "%s is %g, but must be %g or more", name, static_cast<double>(value),
                static_cast<double>(least));
  return fail(RWKVC_INVALID_ARGUMENT, "%s is %g, but must be from %g to %g", name, static_cast<double>(value),
              static_cast<double>(least), static_cast<double>(most));
}

static rwkvc_status_t checkBiases(const rwkvc_sampling_t &sampling, uint32_t vocabulary) {
  if (sampling.bias_count > 0 && (!sampling.bias_tokens || !sampling.bias_values))
    return fail(RWKVC_INVALID_ARGUMENT, "%" PRIu64 " biases need tokens and values", sampling.bias_count);
  for (uint64_t i = 0; i < sampling.bias_count; ++i) {
    int32_t token = sampling.bias_tokens[i];
    float value = sampling.bias_values[i];
    if (token < 0 || static_cast<uint32_t>(token) >= vocabulary)
      return fail(RWKVC_INVALID_ARGUMENT, "a bias is given for token %d, but the vocabulary has %u", token, vocabulary);
    if (!std::isfinite(value) && value != -INFINITY)
      return fail(RWKVC_INVALID_ARGUMENT, "the bias of token %d is %f, but must be finite or -infinity", token,
                  static_cast<double>(value));
  }
  return RWKVC_OK;
}

static rwkvc_status_t checkSampling(const rwkvc_sampling_t &sampling, uint32_t vocabulary) {
  constexpr float most = 1e6f; // no sum of such penalties overflows, and no model's logits come near
  if (rwkvc_status_t status = checkRange("temperature", sampling.temperature, 0, most))
    return status;
  if (rwkvc_status_t status = checkRange("top_p", sampling.top_p, 0, 1))
    return status;
  if (rwkvc_status_t status = checkRange("min_p", sampling.min_p, 0, 1))
    return status;
  if (rwkvc_status_t status = checkRange("presence_penalty", sampling.presence_penalty, -most, most))
    return status;
  if (rwkvc_status_t status = checkRange("frequency_penalty", sampling.frequency_penalty, -most, most))
    return status;
  if (rwkvc_status_t status = checkRange("penalty_decay", sampling.penalty_decay, 0, 1))
    return status;
  return checkBiases(sampling, vocabulary);
}

extern "C" void rwkvc_sampling_init(rwkvc_sampling_t *out_sampling) {
  if (!out_sampling)
    return;
  *out_sampling = {};
  out_sampling->struct_bytes = sizeof(*out_sampling);
  out_sampling->temperature = 1;
  out_sampling->top_p = 1;
  out_sampling->penalty_decay = 1;
}

extern "C" rwkvc_status_t rwkvc_sampler_create(uint32_t vocabulary, const rwkvc_sampling_t *sampling,
                                               rwkvc_sampler_t **out_sampler) {
  if (!out_sampler)
    return fail(RWKVC_INVALID_ARGUMENT, "rwkvc_sampler_create needs a place for the sampler");
  if (vocabulary == 0 || vocabulary > mostTokens)
    return fail(RWKVC_INVALID_ARGUMENT, "a sampler is asked for %u tokens, but takes 1 to %u", vocabulary, mostTokens);
  rwkvc_sampling_t checked;
  rwkvc_sampling_init(&checked);
  if (sampling) {
    if (rwkvc_status_t status = checkStruct("rwkvc_sampling", sampling->struct_bytes, leastBytes, sizeof(checked)))
      return status;
    memcpy(&checked, sampling, sampling->struct_bytes);
  }
  if (rwkvc_status_t status = checkSampling(checked, vocabulary))
    return status;
  return atBoundary([&] {
    *out_sampler = new rwkvc_sampler(vocabulary, checked);
    return RWKVC_OK;
  });
}

extern "C" void rwkvc_sampler_release(rwkvc_sampler_t *sampler) { delete sampler; }

extern "C" rwkvc_status_t rwkvc_sampler_sample(rwkvc_sampler_t *sampler, const float *logits, int32_t *out_token) {
  if (!sampler || !logits || !out_token)
    return fail(RWKVC_INVALID_ARGUMENT, "rwkvc_sampler_sample needs a sampler, logits and a place for the token");
  return sampler->sample(logits, out_token);
}

extern "C" void rwkvc_sampler_reset(rwkvc_sampler_t *sampler) {
  if (sampler)
    sampler->reset();
}
