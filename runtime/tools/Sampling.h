// How tokens are chosen, as flags and by name. What a value may be is the library's to say.
#ifndef RUNTIME_TOOLS_SAMPLING_H
#define RUNTIME_TOOLS_SAMPLING_H

#include "runtime/include/rwkvc/generation.h"
#include "runtime/tools/Handles.h"

#include <string_view>
#include <vector>

namespace rwkvc {

using SamplerHandle = std::unique_ptr<rwkvc_sampler_t, Release<rwkvc_sampler_release>>;

class Sampling {
public:
  Sampling() { rwkvc_sampling_init(&values); }

  // --temperature, --top-p, ..., --logit-bias.
  void addFlags(CLI::App &verb);

  // As the flag of that name; an empty sentence if all is well. Otherwise nothing has changed.
  std::string set(std::string_view name, const std::string &text, uint32_t vocabulary);
  // A line per number: "temperature 1".
  std::string describe() const;

  // The sentence if the values are refused, and then no sampler.
  std::string tryCreate(uint32_t vocabulary, SamplerHandle &out_sampler) const;
  SamplerHandle create(uint32_t vocabulary) const; // ends the verb instead

  rwkvc_sampling_t values; // without biases

private:
  std::vector<std::string> biases; // "ID=VALUE"
};

// All of `text` as a number; false if it is none, or does not fit.
template <typename Number> bool parseNumber(std::string_view text, Number &out_number);

} // namespace rwkvc

#endif // RUNTIME_TOOLS_SAMPLING_H
