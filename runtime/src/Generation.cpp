// A prompt in, text out: rows through the session, logits through the sampler, tokens through the tokenizer and the
// text stream.
#include "runtime/include/rwkvc/generation.h"
#include "runtime/include/rwkvc/tokenizer.h"
#include "runtime/src/Sampler.h"
#include "runtime/src/Session.h"
#include "runtime/src/Status.h"
#include "runtime/src/TextStream.h"

#include <algorithm>
#include <chrono>
#include <cinttypes>
#include <cstring>

using namespace rwkvc;
using Clock = std::chrono::steady_clock;

// The first version's size: a caller's struct has at least these fields.
static constexpr uint64_t leastBytes = sizeof(rwkvc_generation_t);

namespace {

class Generation {
public:
  Generation(rwkvc_session_t *session, rwkvc_state_t *state, rwkvc_sampler_t *sampler,
             const rwkvc_tokenizer_t *tokenizer, const rwkvc_generation_t &options)
      : session(session), state(state), sampler(sampler), tokenizer(tokenizer), options(options),
        info(modelOf(session)->info), stream({options.stops, options.stops + options.stop_count}),
        logits(options.max_tokens > 0 ? info.vocabulary : 0) {}

  rwkvc_status_t run(std::string_view prompt, rwkvc_generated_t &result);

private:
  rwkvc_status_t encode(std::string_view prompt);
  rwkvc_status_t step(const int32_t *rows, uint64_t count, bool wanted);
  rwkvc_status_t feedPrompt(rwkvc_generated_t &result);
  rwkvc_status_t answer(rwkvc_generated_t &result);
  rwkvc_status_t decode(int32_t token);
  bool handOn(); // false interrupts
  double seconds() const { return std::chrono::duration<double>(Clock::now() - begin).count(); }

  const Clock::time_point begin = Clock::now();
  rwkvc_session_t *session;
  rwkvc_state_t *state;
  rwkvc_sampler_t *sampler;
  const rwkvc_tokenizer_t *tokenizer;
  const rwkvc_generation_t &options;
  const rwkvc_model_info_t &info;
  TextStream stream;
  std::vector<int32_t> tokens; // of the prompt
  std::vector<float> logits;
  std::string text; // of one token
  bool isInterrupted = false;
};

} // namespace

rwkvc_status_t Generation::encode(std::string_view prompt) {
  if (prompt.empty()) {
    if (rwkvc_tokenizer_end(tokenizer) < 0)
      return fail(RWKVC_INVALID_ARGUMENT, "the prompt is empty, and this tokenizer has no token that ends texts");
    tokens = {rwkvc_tokenizer_end(tokenizer)};
    return RWKVC_OK;
  }
  // Most often a token has at least a byte.
  for (uint64_t count = prompt.size(); count != tokens.size();) {
    tokens.resize(count);
    uint64_t room = count;
    if (rwkvc_status_t status =
            rwkvc_tokenizer_encode(tokenizer, prompt.data(), prompt.size(), tokens.data(), room, &count))
      return status;
    if (count < room)
      tokens.resize(count);
  }
  return RWKVC_OK;
}

// Logits, if wanted, are of the last row.
rwkvc_status_t Generation::step(const int32_t *rows, uint64_t count, bool wanted) {
  uint64_t firstRow[2] = {0, count}, last = count - 1;
  rwkvc_batch_t batch = {};
  batch.rows = count;
  batch.sequences = 1;
  batch.wanted = wanted ? 1 : 0;
  batch.tokens = rows;
  batch.first_row = firstRow;
  batch.states = &state;
  batch.wanted_rows = &last;
  return rwkvc_session_step(session, &batch, wanted ? logits.data() : nullptr);
}

rwkvc_status_t Generation::feedPrompt(rwkvc_generated_t &result) {
  while (result.prompt_tokens < tokens.size() && !isInterrupted) {
    uint64_t count = std::min<uint64_t>(info.max_rows, tokens.size() - result.prompt_tokens);
    bool isLast = result.prompt_tokens + count == tokens.size();
    if (rwkvc_status_t status = step(tokens.data() + result.prompt_tokens, count, isLast && options.max_tokens > 0))
      return status;
    result.prompt_tokens += count;
    isInterrupted = !isLast && !handOn();
  }
  return RWKVC_OK;
}

rwkvc_status_t Generation::decode(int32_t token) {
  text.clear();
  // A model may have more logits than its tokenizer has ids.
  if (static_cast<uint32_t>(token) >= rwkvc_tokenizer_size(tokenizer))
    return RWKVC_OK;
  uint64_t bytes = 0;
  if (rwkvc_status_t status = rwkvc_tokenizer_decode(tokenizer, &token, 1, nullptr, 0, &bytes))
    return status;
  text.resize(bytes);
  return rwkvc_tokenizer_decode(tokenizer, &token, 1, text.data(), bytes, &bytes);
}

bool Generation::handOn() {
  std::string_view ready = stream.ready();
  bool isWanted = !options.on_text || options.on_text(options.user, ready.data(), ready.size()) == 0;
  stream.clearReady();
  return isWanted;
}

rwkvc_status_t Generation::answer(rwkvc_generated_t &result) {
  result.finish = RWKVC_FINISH_LENGTH;
  while (result.tokens < options.max_tokens) {
    int32_t token;
    if (rwkvc_status_t status = sampler->sample(logits.data(), &token))
      return status;
    if (result.first_token_s == 0)
      result.first_token_s = seconds();
    if (token == rwkvc_tokenizer_end(tokenizer)) {
      result.finish = RWKVC_FINISH_END;
      break;
    }
    ++result.tokens;
    if (rwkvc_status_t status = decode(token))
      return status;
    if (options.on_token)
      options.on_token(options.user, token);
    bool isStopped = stream.append(text);
    isInterrupted = !handOn();
    // The reader has the text before the model goes on with it.
    bool isLast = isStopped || isInterrupted || result.tokens == options.max_tokens;
    if (rwkvc_status_t status = step(&token, 1, !isLast))
      return status;
    if (isStopped || isInterrupted) {
      result.finish = isStopped ? RWKVC_FINISH_STOP : RWKVC_FINISH_INTERRUPTED;
      return RWKVC_OK;
    }
  }
  stream.finish();
  if (!stream.ready().empty())
    handOn(); // too late to interrupt
  return RWKVC_OK;
}

rwkvc_status_t Generation::run(std::string_view prompt, rwkvc_generated_t &result) {
  if (rwkvc_status_t status = encode(prompt))
    return status;
  if (rwkvc_status_t status = feedPrompt(result))
    return status;
  result.finish = RWKVC_FINISH_INTERRUPTED;
  if (!isInterrupted)
    if (rwkvc_status_t status = answer(result))
      return status;
  result.total_s = seconds();
  return RWKVC_OK;
}

static rwkvc_status_t checkGeneration(const rwkvc_generation_t &generation) {
  if (generation.stop_count > 0 && !generation.stops)
    return fail(RWKVC_INVALID_ARGUMENT, "%" PRIu64 " stop texts are counted, but none is given", generation.stop_count);
  for (uint64_t i = 0; i < generation.stop_count; ++i)
    if (!generation.stops[i] || generation.stops[i][0] == 0)
      return fail(RWKVC_INVALID_ARGUMENT, "stop text %" PRIu64 " is empty", i + 1);
  return RWKVC_OK;
}

extern "C" void rwkvc_generation_init(rwkvc_generation_t *out_generation) {
  if (!out_generation)
    return;
  *out_generation = {};
  out_generation->struct_bytes = sizeof(*out_generation);
  out_generation->max_tokens = 256;
}

extern "C" rwkvc_status_t rwkvc_session_generate(rwkvc_session_t *session, rwkvc_state_t *state,
                                                 rwkvc_sampler_t *sampler, const char *prompt, uint64_t prompt_bytes,
                                                 const rwkvc_generation_t *generation,
                                                 rwkvc_generated_t *out_generated) {
  if (!session || !state || (!prompt && prompt_bytes > 0) || !out_generated)
    return fail(RWKVC_INVALID_ARGUMENT,
                "rwkvc_session_generate needs a session, a state, a prompt and a place for what came of it");
  rwkvc_generation_t options;
  rwkvc_generation_init(&options);
  if (generation) {
    if (rwkvc_status_t status = checkStruct("rwkvc_generation", generation->struct_bytes, leastBytes, sizeof(options)))
      return status;
    memcpy(&options, generation, generation->struct_bytes);
  }
  if (rwkvc_status_t status = checkGeneration(options))
    return status;
  uint32_t vocabulary = modelOf(session)->info.vocabulary;
  if (options.max_tokens > 0 && (!sampler || sampler->size() != vocabulary))
    return fail(RWKVC_INVALID_ARGUMENT, "the sampler is for %u tokens, but the vocabulary has %u",
                sampler ? sampler->size() : 0, vocabulary);
  const rwkvc_tokenizer_t *tokenizer = nullptr;
  if (rwkvc_status_t status = rwkvc_model_tokenizer(modelOf(session), &tokenizer))
    return status;
  return atBoundary([&] {
    rwkvc_generated_t result = {};
    rwkvc_status_t status =
        Generation(session, state, sampler, tokenizer, options).run({prompt ? prompt : "", prompt_bytes}, result);
    if (status == RWKVC_OK)
      *out_generated = result;
    return status;
  });
}
