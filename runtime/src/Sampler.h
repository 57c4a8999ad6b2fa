// Chooses a token from logits. The order of operations is rwkvc_sampling_t's.
#ifndef RUNTIME_SRC_SAMPLER_H
#define RUNTIME_SRC_SAMPLER_H

#include "runtime/include/rwkvc/generation.h"
#include "runtime/src/TokenSelection.h"

#include <vector>

struct rwkvc_sampler {
  // `sampling` has been checked.
  rwkvc_sampler(uint32_t vocabulary, const rwkvc_sampling_t &sampling);

  rwkvc_status_t sample(const float *logits, int32_t *out_token);
  void reset();
  uint32_t size() const { return vocabulary; }

private:
  struct Bias {
    uint32_t token;
    float value;
  };

  rwkvc_status_t adjust(const float *logits, float &greatest);
  uint32_t draw(float greatest);
  void remember(uint32_t token);

  const uint32_t vocabulary;
  const rwkvc_sampling_t sampling; // without its pointers
  std::vector<Bias> biases;
  std::vector<float> adjusted; // [vocabulary]: logits after bias and penalties
  std::vector<float> counts;   // [vocabulary]; of tokens sampled before
  std::vector<bool> isSeen;    // [vocabulary]: a count may have decayed to zero
  std::vector<uint32_t> seen;  // tokens sampled before, each once
  rwkvc::TokenSelection selection;
  uint64_t drawn = 0; // numbers taken from the random stream
};

#endif // RUNTIME_SRC_SAMPLER_H
