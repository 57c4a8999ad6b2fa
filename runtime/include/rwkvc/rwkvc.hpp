// rwkvc.hpp - The C API for C++20: handles release themselves, failures are exceptions, lengths are spans.
//
// Header only, on librwkvc.so. Shapes, units and threads are as in the C headers: a State, Session or Sampler is for
// one thread at a time, a Model or Tokenizer for any number. An object that was moved from may only be assigned or
// destroyed. Objects keep alive what they need: let them go in any order.
#ifndef RWKVC_RWKVC_HPP
#define RWKVC_RWKVC_HPP

#include <rwkvc/rwkvc.h>
#include <rwkvc/text.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rwkvc {

// Of the library that was found, "0.1.0".
inline std::string_view version() noexcept { return rwkvc_version(); }

// ---- Model --------------------------------------------------------------------------------------------------------

// A compiled model, mapped from its file. Load only what you trust: it is machine code.
class Model {
public:
  explicit Model(const std::filesystem::path &path) {
    rwkvc_model_t *model = nullptr;
    detail::check(rwkvc_model_load(path.c_str(), &model));
    handle_.reset(model, rwkvc_model_release);
  }
  Model(Model &&) noexcept = default;
  Model &operator=(Model &&) noexcept = default;

  const rwkvc_model_info_t &info() const noexcept { return *rwkvc_model_info(get()); }
  // The tensors of a sequence's state, in the order of State::get.
  std::span<const rwkvc_slot_t> slots() const noexcept { return {info().slots, info().slot_count}; }
  // What the model was compiled with; throws RWKVC_INCOMPATIBLE if that is none.
  Tokenizer tokenizer() const {
    const rwkvc_tokenizer_t *tokenizer = nullptr;
    detail::check(rwkvc_model_tokenizer(get(), &tokenizer));
    return Tokenizer(std::shared_ptr<const rwkvc_tokenizer_t>(handle_, tokenizer));
  }
  // Reads all weights and compares their hash.
  void verify() const { detail::check(rwkvc_model_verify(get())); }

  const rwkvc_model_t *get() const noexcept { return handle_.get(); }

private:
  friend class State;
  friend class Session;
  std::shared_ptr<rwkvc_model_t> handle_; // shared with all that is made from it
};

// ---- State --------------------------------------------------------------------------------------------------------

// One sequence: everything that it remembers.
class State {
public:
  // A sequence that has seen no token.
  explicit State(const Model &model) : State(model.handle_) {}
  State(State &&) noexcept = default;
  State &operator=(State &&) noexcept = default;

  // A second sequence that goes on from here.
  State copy() const {
    State result(model_);
    result.assign(*this);
    return result;
  }
  // `from` may be of another file that was compiled from the same checkpoint.
  void assign(const State &from) { detail::check(rwkvc_state_copy(get(), from.get())); }
  // Forgets all.
  void reset() { detail::check(rwkvc_state_reset(get())); }

  // All slots in order: [info().state_floats].
  std::vector<float> floats() const {
    std::vector<float> result(info().state_floats);
    detail::check(rwkvc_state_get(get(), result.data(), result.size()));
    return result;
  }
  void setFloats(std::span<const float> floats) { detail::check(rwkvc_state_set(get(), floats.data(), floats.size())); }
  // One slot, row-major in its shape: [info().slots[index].floats].
  std::vector<float> slot(uint32_t index) const {
    std::vector<float> result(index < info().slot_count ? info().slots[index].floats : 0);
    detail::check(rwkvc_state_get_slot(get(), index, result.data(), result.size()));
    return result;
  }
  void setSlot(uint32_t index, std::span<const float> floats) {
    detail::check(rwkvc_state_set_slot(get(), index, floats.data(), floats.size()));
  }

  // Replaces the file at once: readers see the old one or the new one.
  void save(const std::filesystem::path &path) const { detail::check(rwkvc_state_save(get(), path.c_str())); }
  // When this throws, the state is as before.
  void load(const std::filesystem::path &path) { detail::check(rwkvc_state_load(get(), path.c_str())); }

  const rwkvc_model_info_t &info() const noexcept { return *rwkvc_model_info(model_.get()); }
  rwkvc_state_t *get() const noexcept { return handle_.get(); }

private:
  explicit State(std::shared_ptr<rwkvc_model_t> model) : model_(std::move(model)) {
    rwkvc_state_t *state = nullptr;
    detail::check(rwkvc_state_create(model_.get(), &state));
    handle_.reset(state);
  }
  std::shared_ptr<rwkvc_model_t> model_;
  detail::Owner<rwkvc_state_t, rwkvc_state_release> handle_;
};

// ---- Batch --------------------------------------------------------------------------------------------------------

// Which of a sequence's rows get logits.
enum class Want { None, Last, All };

// Token rows of several sequences, for one Session::step. Refers to the states, copies the tokens; cleared, it keeps
// its memory.
class Batch {
public:
  // `tokens` [at least 1] go on with the sequence of `state`, which may be in the batch once.
  Batch &add(State &state, std::span<const int32_t> tokens, Want want = Want::Last) {
    uint64_t first = tokens_.size(), end = first + tokens.size();
    tokens_.insert(tokens_.end(), tokens.begin(), tokens.end());
    firstRow_.push_back(end);
    states_.push_back(state.get());
    for (uint64_t row = want == Want::All || first == end ? first : end - 1; want != Want::None && row < end; ++row)
      wantedRows_.push_back(row);
    return *this;
  }
  void clear() noexcept {
    tokens_.clear();
    firstRow_.resize(1);
    states_.clear();
    wantedRows_.clear();
  }

  uint64_t rows() const noexcept { return tokens_.size(); }
  uint64_t sequences() const noexcept { return states_.size(); }
  // Rows of logits, in the order of add().
  uint64_t wanted() const noexcept { return wantedRows_.size(); }
  // Valid until the batch changes.
  rwkvc_batch_t view() const noexcept {
    return {rows(), sequences(), wanted(), tokens_.data(), firstRow_.data(), states_.data(), wantedRows_.data()};
  }

private:
  std::vector<int32_t> tokens_;
  std::vector<uint64_t> firstRow_ = {0}, wantedRows_;
  std::vector<rwkvc_state_t *> states_;
};

// ---- Session ------------------------------------------------------------------------------------------------------

// Threads and working memory to run one model.
class Session {
public:
  // `threads` counts the caller's; 0 means one per CPU. Results do not depend on it.
  explicit Session(const Model &model, uint32_t threads = 0) : model_(model.handle_) {
    rwkvc_session_t *session = nullptr;
    detail::check(rwkvc_session_create(model_.get(), threads, &session));
    handle_.reset(session);
  }
  Session(Session &&) noexcept = default;
  Session &operator=(Session &&) noexcept = default;

  uint32_t threads() const noexcept { return rwkvc_session_threads(get()); }

  // Feeds one sequence. Returns logits, [vocabulary] of the last token; with Want::All, [tokens, vocabulary].
  std::vector<float> step(State &state, std::span<const int32_t> tokens, Want want = Want::Last) {
    return step(Batch().add(state, tokens, want));
  }
  // [batch.wanted(), vocabulary]
  std::vector<float> step(const Batch &batch) {
    std::vector<float> logits(batch.wanted() * info().vocabulary);
    step(batch, logits);
    return logits;
  }
  // The same into memory of yours, allocating nothing.
  void step(const Batch &batch, std::span<float> logits) {
    if (logits.size() != batch.wanted() * info().vocabulary)
      throw Error(RWKVC_INVALID_ARGUMENT, "there is room for " + std::to_string(logits.size()) + " logits, but " +
                                              std::to_string(batch.wanted()) + " rows of " +
                                              std::to_string(info().vocabulary) + " are wanted");
    rwkvc_batch_t view = batch.view();
    detail::check(rwkvc_session_step(get(), &view, batch.wanted() ? logits.data() : nullptr));
  }

  // Feeds `prompt` to the sequence, then samples until something of `generation` or the end of the text stops it.
  Generated generate(State &state, Sampler &sampler, std::string_view prompt, const Generation &generation = {}) {
    return generate(state, sampler, prompt, generation, [](std::string_view) {});
  }
  // The same; calls onText(std::string_view) with whole characters as they come, and with none between pieces of a long
  // prompt. It may return nothing, or false to stop. What it throws stops the answer and comes out of here.
  template <typename OnText>
  Generated generate(State &state, Sampler &sampler, std::string_view prompt, const Generation &generation,
                     OnText &&onText) {
    detail::Listener<OnText> listener(onText);
    std::vector<const char *> stops;
    for (const std::string &stop : generation.stops)
      stops.push_back(stop.c_str());
    rwkvc_generation_t c;
    rwkvc_generation_init(&c);
    c.max_tokens = generation.max_tokens;
    c.stops = stops.data();
    c.stop_count = stops.size();
    listener.attach(c);
    rwkvc_status_t status =
        rwkvc_session_generate(get(), state.get(), sampler.get(), prompt.data(), prompt.size(), &c, &listener.result);
    listener.rethrow();
    detail::check(status);
    return std::move(listener.result);
  }

  const rwkvc_model_info_t &info() const noexcept { return *rwkvc_model_info(model_.get()); }
  rwkvc_session_t *get() const noexcept { return handle_.get(); }

private:
  std::shared_ptr<rwkvc_model_t> model_;
  detail::Owner<rwkvc_session_t, rwkvc_session_release> handle_;
};

inline Sampler::Sampler(const Model &model, const Sampling &sampling) : Sampler(model.info().vocabulary, sampling) {}

} // namespace rwkvc

#endif // RWKVC_RWKVC_HPP
