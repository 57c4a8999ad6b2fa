// text.hpp - Tokens, their choice, and what a generation is told and tells. Included by rwkvc.hpp.
#ifndef RWKVC_TEXT_HPP
#define RWKVC_TEXT_HPP

#include <rwkvc/error.hpp>
#include <rwkvc/generation.h>
#include <rwkvc/tokenizer.h>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace rwkvc {

class Model;

// ---- Tokenizer ----------------------------------------------------------------------------------------------------

// Text to token ids and back. Text is bytes and need not be valid UTF-8.
class Tokenizer {
public:
  // From the packed form that modules embed; a model's own comes from Model::tokenizer.
  explicit Tokenizer(std::span<const std::byte> packed) {
    rwkvc_tokenizer_t *tokenizer = nullptr;
    detail::check(rwkvc_tokenizer_create(packed.data(), packed.size(), &tokenizer));
    handle_.reset(tokenizer, rwkvc_tokenizer_release);
  }
  Tokenizer(Tokenizer &&) noexcept = default;
  Tokenizer &operator=(Tokenizer &&) noexcept = default;

  // "bytes", "longest-match" or "bpe".
  std::string_view kind() const noexcept { return rwkvc_tokenizer_kind(get()); }
  // Ids are below it.
  uint32_t size() const noexcept { return rwkvc_tokenizer_size(get()); }
  // The id that ends a text, if there is one.
  std::optional<int32_t> end() const noexcept {
    int32_t id = rwkvc_tokenizer_end(get());
    return id < 0 ? std::nullopt : std::optional(id);
  }

  std::vector<int32_t> encode(std::string_view text) const {
    return filled<std::vector<int32_t>>(text.size(), [&](int32_t *out, uint64_t capacity, uint64_t *count) {
      return rwkvc_tokenizer_encode(get(), text.data(), text.size(), out, capacity, count);
    });
  }
  // A character may be cut at either end if the ids are only a part of a text.
  std::string decode(std::span<const int32_t> tokens) const {
    return filled<std::string>(8 * tokens.size(), [&](char *out, uint64_t capacity, uint64_t *count) {
      return rwkvc_tokenizer_decode(get(), tokens.data(), tokens.size(), out, capacity, count);
    });
  }

  const rwkvc_tokenizer_t *get() const noexcept { return handle_.get(); }

private:
  friend class Model;
  explicit Tokenizer(std::shared_ptr<const rwkvc_tokenizer_t> handle) : handle_(std::move(handle)) {}

  // Calls `write` with a guess of room, and once more if that was too little.
  template <typename Result, typename Write> static Result filled(uint64_t guess, Write write) {
    Result result;
    for (uint64_t count = guess;;) {
      result.resize(count);
      detail::check(write(result.data(), result.size(), &count));
      if (count <= result.size()) {
        result.resize(count);
        return result;
      }
    }
  }
  std::shared_ptr<const rwkvc_tokenizer_t> handle_; // a model's own shares in the model
};

// ---- Sampling -----------------------------------------------------------------------------------------------------

// How a token is chosen: rwkvc_sampling_t, which says what each means, with the same defaults.
struct Sampling {
  float temperature = 1; // 0 takes the most probable token
  float top_p = 1;
  float min_p = 0;
  uint32_t top_k = 0;
  float presence_penalty = 0;
  float frequency_penalty = 0;
  float penalty_decay = 1;
  uint64_t seed = 0;
  std::vector<std::pair<int32_t, float>> bias = {}; // token and what is added to its logit; -INFINITY forbids it
};

// Chooses tokens, and remembers which for the penalties.
class Sampler {
public:
  explicit Sampler(const Model &model, const Sampling &sampling = {});
  explicit Sampler(uint32_t vocabulary, const Sampling &sampling = {}) : vocabulary_(vocabulary) {
    std::vector<int32_t> tokens;
    std::vector<float> values;
    for (auto [token, value] : sampling.bias) {
      tokens.push_back(token);
      values.push_back(value);
    }
    rwkvc_sampling_t c;
    rwkvc_sampling_init(&c);
    c.temperature = sampling.temperature;
    c.top_p = sampling.top_p;
    c.min_p = sampling.min_p;
    c.top_k = sampling.top_k;
    c.presence_penalty = sampling.presence_penalty;
    c.frequency_penalty = sampling.frequency_penalty;
    c.penalty_decay = sampling.penalty_decay;
    c.seed = sampling.seed;
    c.bias_tokens = tokens.data();
    c.bias_values = values.data();
    c.bias_count = tokens.size();
    rwkvc_sampler_t *sampler = nullptr;
    detail::check(rwkvc_sampler_create(vocabulary, &c, &sampler));
    handle_.reset(sampler);
  }
  Sampler(Sampler &&) noexcept = default;
  Sampler &operator=(Sampler &&) noexcept = default;

  // `logits` is [vocabulary].
  int32_t sample(std::span<const float> logits) {
    if (logits.size() != vocabulary_)
      throw Error(RWKVC_INVALID_ARGUMENT, "there are " + std::to_string(logits.size()) +
                                              " logits, but the sampler has " + std::to_string(vocabulary_) +
                                              " tokens");
    int32_t token = 0;
    detail::check(rwkvc_sampler_sample(get(), logits.data(), &token));
    return token;
  }
  // Forgets what it sampled and starts its random stream again.
  void reset() noexcept { rwkvc_sampler_reset(get()); }

  rwkvc_sampler_t *get() const noexcept { return handle_.get(); }

private:
  uint32_t vocabulary_;
  detail::Owner<rwkvc_sampler_t, rwkvc_sampler_release> handle_;
};

// When an answer ends.
struct Generation {
  uint64_t max_tokens = 256;           // 0 only feeds the prompt
  std::vector<std::string> stops = {}; // texts that end the answer and are not part of it
};

// rwkvc_generated_t (counts, seconds, why it ended), and what was generated.
struct Generated : rwkvc_generated_t {
  std::string text;
  std::vector<int32_t> ids; // without the one that ends the text
};

namespace detail {
// Hears what rwkvc_session_generate says. No exception may cross C: it waits here, and the next text interrupts.
template <typename OnText> struct Listener {
  explicit Listener(OnText &onText) : onText(onText) {}
  void attach(rwkvc_generation_t &generation) {
    generation.user = this;
    generation.on_token = [](void *user, int32_t token) {
      auto &self = *static_cast<Listener *>(user);
      self.guard([&] { self.result.ids.push_back(token); });
    };
    generation.on_text = [](void *user, const char *text, uint64_t bytes) {
      auto &self = *static_cast<Listener *>(user);
      self.guard([&] { self.hear(bytes ? std::string_view(text, bytes) : std::string_view()); });
      return self.stopped ? 1 : 0;
    };
  }
  void hear(std::string_view text) {
    result.text.append(text);
    if constexpr (std::is_void_v<decltype(onText(text))>)
      onText(text);
    else
      stopped = stopped || !onText(text);
  }
  template <typename Call> void guard(Call call) noexcept {
    try {
      call();
    } catch (...) {
      thrown = std::current_exception();
      stopped = true;
    }
  }
  void rethrow() const {
    if (thrown)
      std::rethrow_exception(thrown);
  }

  OnText &onText;
  Generated result = {};
  std::exception_ptr thrown;
  bool stopped = false;
};
} // namespace detail

} // namespace rwkvc

#endif // RWKVC_TEXT_HPP
