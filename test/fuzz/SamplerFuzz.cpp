// Settings, biases and logits of any bits: what is chosen is a token that the logits allow.
#include "runtime/include/rwkvc/generation.h"
#include "test/fuzz/FuzzedFile.h"

#include <fuzzer/FuzzedDataProvider.h>

#include <cmath>
#include <cstring>
#include <vector>

// Any 32 bits, which FuzzedDataProvider's own floats are not.
static float takeFloat(FuzzedDataProvider &in) {
  auto bits = in.ConsumeIntegral<uint32_t>();
  float value;
  memcpy(&value, &bits, sizeof(value));
  return value;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  FuzzedDataProvider in(bytes, size);
  auto vocabulary = in.ConsumeIntegralInRange<uint32_t>(0, 300);
  rwkvc_sampling_t sampling;
  rwkvc_sampling_init(&sampling);
  for (float *value : {&sampling.temperature, &sampling.top_p, &sampling.min_p, &sampling.presence_penalty,
                       &sampling.frequency_penalty, &sampling.penalty_decay})
    if (in.ConsumeBool())
      *value = in.ConsumeBool() ? takeFloat(in) : in.ConsumeProbability<float>();
  sampling.top_k = in.ConsumeBool() ? in.ConsumeIntegral<uint32_t>() : 0;
  sampling.seed = in.ConsumeIntegral<uint64_t>();
  std::vector<int32_t> tokens(in.ConsumeIntegralInRange<size_t>(0, 4));
  std::vector<float> values(tokens.size());
  for (size_t i = 0; i < tokens.size(); ++i) {
    tokens[i] = in.ConsumeIntegral<int8_t>();
    values[i] = takeFloat(in);
  }
  sampling.bias_tokens = tokens.data();
  sampling.bias_values = values.data();
  sampling.bias_count = tokens.size();
  rwkvc_sampler_t *sampler = nullptr;
  if (rwkvc_sampler_create(vocabulary, &sampling, &sampler))
    return 0;
  for (int step = 0; step < 4; ++step) {
    std::vector<float> logits(vocabulary);
    float repeated = takeFloat(in);
    for (float &logit : logits)
      logit = in.ConsumeBool() ? repeated : takeFloat(in);
    int32_t token = -1;
    if (rwkvc_sampler_sample(sampler, logits.data(), &token))
      continue;
    fuzz::demand(token >= 0 && static_cast<uint32_t>(token) < vocabulary);
    fuzz::demand(logits[token] > -INFINITY);
    for (size_t i = 0; i < tokens.size(); ++i)
      fuzz::demand(tokens[i] != token || values[i] > -INFINITY);
  }
  rwkvc_sampler_release(sampler);
  return 0;
}
