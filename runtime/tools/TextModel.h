// A model with all that it takes to generate text with it, for the verbs that do.
#ifndef RUNTIME_TOOLS_TEXTMODEL_H
#define RUNTIME_TOOLS_TEXTMODEL_H

#include "runtime/include/rwkvc/generation.h"
#include "runtime/tools/Handles.h"

#include <functional>
#include <string_view>
#include <vector>

namespace rwkvc {

struct GenerationRequest {
  std::string_view prompt;
  uint64_t maxTokens = 0;
  std::vector<std::string> stops;
  // Text as it comes, never empty.
  std::function<void(std::string_view text)> onText;
  // Asked often; true ends the text.
  std::function<bool()> isInterrupted;
};

class TextModel {
public:
  // Refuses a model without a tokenizer. An empty path of a state means a fresh one.
  TextModel(const std::string &path, unsigned threads, const std::string &loadState);

  uint32_t vocabulary() const { return rwkvc_model_info(model.get())->vocabulary; }
  uint64_t stateBytes() const { return rwkvc_model_info(model.get())->state_bytes; }
  // As rwkvc_session_generate; `out_tokens`, if any, get what was sampled. `sampler` may be NULL for no tokens.
  rwkvc_status_t generate(rwkvc_sampler_t *sampler, const GenerationRequest &request, rwkvc_generated_t &out_generated,
                          std::vector<int32_t> *out_tokens = nullptr);
  std::string decode(const std::vector<int32_t> &tokens) const;

  ModelHandle model;
  SessionHandle session;
  StateHandle state;
};

// "12 prompt tokens at 345.6 tokens/s, first token after 35 ms, 64 tokens at 78.9 tokens/s"
std::string describeSpeed(const rwkvc_generated_t &generated);
// "length", "stop", "end", "interrupted"
const char *nameOf(rwkvc_finish_t finish);

// From its creation to its end Ctrl-C only sets a flag: always, or the first time, so that a second one kills.
class InterruptFlag {
public:
  enum class Second { kills, isIgnored };
  explicit InterruptFlag(Second second);
  ~InterruptFlag();
  InterruptFlag(const InterruptFlag &) = delete;
  InterruptFlag &operator=(const InterruptFlag &) = delete;
  bool isSet() const;
  void clear();
};

} // namespace rwkvc

#endif // RUNTIME_TOOLS_TEXTMODEL_H
