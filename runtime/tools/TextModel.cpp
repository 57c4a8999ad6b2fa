// Exceptions must not pass through the C library: what a callback throws is kept and thrown again behind it.
#include "runtime/tools/TextModel.h"

#include "runtime/include/rwkvc/tokenizer.h"

#include <csignal>
#include <exception>

using namespace rwkvc;

static const rwkvc_tokenizer_t *tokenizerOf(const ModelHandle &model) {
  const rwkvc_tokenizer_t *tokenizer = nullptr;
  check(rwkvc_model_tokenizer(model.get(), &tokenizer));
  return tokenizer;
}

TextModel::TextModel(const std::string &path, unsigned threads, const std::string &loadState) : model(loadModel(path)) {
  tokenizerOf(model);
  state = createState(model.get());
  if (!loadState.empty())
    check(rwkvc_state_load(state.get(), loadState.c_str()));
  session = createSession(model.get(), threads);
}

namespace {
struct Listener {
  const GenerationRequest &request;
  std::vector<int32_t> *tokens;
  std::exception_ptr thrown = nullptr;

  int onText(std::string_view text) {
    try {
      if (!text.empty() && request.onText)
        request.onText(text);
      return request.isInterrupted && request.isInterrupted();
    } catch (...) {
      thrown = std::current_exception();
      return 1;
    }
  }
  void onToken(int32_t token) {
    try {
      if (tokens)
        tokens->push_back(token);
    } catch (...) {
      thrown = std::current_exception();
    }
  }
};
} // namespace

rwkvc_status_t TextModel::generate(rwkvc_sampler_t *sampler, const GenerationRequest &request,
                                   rwkvc_generated_t &out_generated, std::vector<int32_t> *out_tokens) {
  Listener listener{request, out_tokens};
  std::vector<const char *> stops;
  for (const std::string &stop : request.stops)
    stops.push_back(stop.c_str());
  rwkvc_generation_t generation;
  rwkvc_generation_init(&generation);
  generation.max_tokens = request.maxTokens;
  generation.stops = stops.data();
  generation.stop_count = stops.size();
  generation.user = &listener;
  generation.on_text = [](void *user, const char *text, uint64_t bytes) {
    return static_cast<Listener *>(user)->onText({text, bytes});
  };
  generation.on_token = [](void *user, int32_t token) { static_cast<Listener *>(user)->onToken(token); };
  rwkvc_status_t status = rwkvc_session_generate(session.get(), state.get(), sampler, request.prompt.data(),
                                                 request.prompt.size(), &generation, &out_generated);
  if (listener.thrown)
    std::rethrow_exception(listener.thrown);
  return status;
}

std::string TextModel::decode(const std::vector<int32_t> &tokens) const {
  const rwkvc_tokenizer_t *tokenizer = tokenizerOf(model);
  uint64_t bytes = 0;
  check(rwkvc_tokenizer_decode(tokenizer, tokens.data(), tokens.size(), nullptr, 0, &bytes));
  std::string text(bytes, 0);
  check(rwkvc_tokenizer_decode(tokenizer, tokens.data(), tokens.size(), text.data(), bytes, &bytes));
  return text;
}

std::string rwkvc::describeSpeed(const rwkvc_generated_t &generated) {
  // The first token comes from the prompt's last row; all others from a step each.
  double answering = generated.total_s - generated.first_token_s;
  double promptRate = static_cast<double>(generated.prompt_tokens) /
                      (generated.first_token_s > 0 ? generated.first_token_s : generated.total_s);
  char text[200];
  int length = snprintf(text, sizeof(text), "%llu prompt tokens at %.4g tokens/s",
                        static_cast<unsigned long long>(generated.prompt_tokens), promptRate);
  if (generated.tokens > 0)
    snprintf(text + length, sizeof(text) - static_cast<size_t>(length),
             ", first token after %.3g ms, %llu tokens at %.4g tokens/s", generated.first_token_s * 1e3,
             static_cast<unsigned long long>(generated.tokens), static_cast<double>(generated.tokens) / answering);
  return text;
}

const char *rwkvc::nameOf(rwkvc_finish_t finish) {
  switch (finish) {
  case RWKVC_FINISH_LENGTH:
    return "length";
  case RWKVC_FINISH_STOP:
    return "stop";
  case RWKVC_FINISH_END:
    return "end";
  case RWKVC_FINISH_INTERRUPTED:
    return "interrupted";
  }
  return "unknown";
}

static volatile sig_atomic_t interrupted;

static void setInterruptAction(void (*action)(int), int flags) {
  struct sigaction sigint = {};
  sigint.sa_handler = action;
  sigint.sa_flags = flags;
  sigaction(SIGINT, &sigint, nullptr);
}

InterruptFlag::InterruptFlag(Second second) {
  clear();
  // Calls go on after it: a write of the text must not be cut.
  setInterruptAction([](int) { interrupted = 1; }, SA_RESTART | (second == Second::kills ? SA_RESETHAND : 0));
}
InterruptFlag::~InterruptFlag() { setInterruptAction(SIG_DFL, 0); }
bool InterruptFlag::isSet() const { return interrupted; }
void InterruptFlag::clear() { interrupted = 0; }
