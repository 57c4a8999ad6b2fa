// Generation on a model that answers by rule (Inputs/text_module.c) and whose state holds all that it has read.
#include "runtime/include/rwkvc/generation.h"
#include "test/runtime/FakeModule.h"

#include <functional>

using namespace fake;

namespace {

using Sampler = std::unique_ptr<rwkvc_sampler_t, Release<rwkvc_sampler_release>>;

Sampler newSampler(uint32_t vocabulary, float temperature, uint64_t seed = 0) {
  rwkvc_sampling_t sampling;
  rwkvc_sampling_init(&sampling);
  sampling.temperature = temperature;
  sampling.seed = seed;
  rwkvc_sampler_t *sampler = nullptr;
  EXPECT_EQ(rwkvc_sampler_create(vocabulary, &sampling, &sampler), RWKVC_OK);
  return Sampler(sampler);
}

struct Options {
  uint64_t maxTokens = 100;
  std::vector<const char *> stops = {"\n\n"};
  std::function<int(std::string_view)> onText = [](std::string_view) { return 0; };
};

// What came of a call, and what was handed on.
struct Result {
  rwkvc_status_t status;
  rwkvc_generated_t generated = {};
  std::string text, tokens;
  std::vector<std::string> pieces;
};

class GenerationTest : public testing::Test {
protected:
  Result generate(const State &state, const std::string &prompt, const Options &options = {}) {
    struct Listener {
      const Options &options;
      Result result;
    } listener{options, {}};
    rwkvc_generation_t generation;
    rwkvc_generation_init(&generation);
    generation.max_tokens = options.maxTokens;
    generation.stops = options.stops.data();
    generation.stop_count = options.stops.size();
    generation.user = &listener;
    generation.on_text = [](void *user, const char *text, uint64_t bytes) {
      auto &[asked, result] = *static_cast<Listener *>(user);
      result.text.append(text, bytes);
      result.pieces.emplace_back(text, bytes);
      return asked.onText({text, bytes});
    };
    generation.on_token = [](void *user, int32_t token) {
      static_cast<Listener *>(user)->result.tokens += static_cast<char>(token);
    };
    listener.result.status = rwkvc_session_generate(session.get(), state.get(), sampler.get(), prompt.data(),
                                                    prompt.size(), &generation, &listener.result.generated);
    return listener.result;
  }
  Result expectAnswer(const std::string &prompt, const Options &options, const std::string &text,
                      rwkvc_finish_t finish) {
    Result result = generate(state, prompt, options);
    EXPECT_EQ(result.status, RWKVC_OK) << rwkvc_status_message(result.status);
    EXPECT_EQ(result.text, text);
    EXPECT_EQ(result.generated.finish, finish);
    EXPECT_EQ(result.generated.prompt_tokens, prompt.size());
    EXPECT_EQ(result.generated.tokens, result.tokens.size());
    EXPECT_EQ(seen(state), prompt + result.tokens);
    EXPECT_LE(result.generated.first_token_s, result.generated.total_s);
    return result;
  }
  // The text that a state has read.
  std::string seen(const State &of) {
    std::vector<float> floats(rwkvc_model_info(model.get())->state_floats);
    EXPECT_EQ(rwkvc_state_get(of.get(), floats.data(), floats.size()), RWKVC_OK);
    std::string text;
    for (size_t i = 0; i < static_cast<size_t>(floats.back()); ++i)
      text += static_cast<char>(static_cast<unsigned char>(floats[i]));
    return text;
  }

  Model model = load(sealedFile("text"));
  Session session = newSession(model, 2);
  State state = newState(model);
  Sampler sampler = newSampler(256, 0);
};

std::string ask(const std::string &question) { return "User: " + question + "\n\nAssistant:"; }

} // namespace

TEST_F(GenerationTest, StopTextsEndTheAnswer) {
  Result result = expectAnswer(ask("hello"), {}, " hello 1", RWKVC_FINISH_STOP);
  EXPECT_EQ(result.tokens, " hello 1\n\n") << "the state has seen the stop text once";
  Result next = generate(state, ask("more"));
  EXPECT_EQ(next.text, " more 2");
  EXPECT_EQ(seen(state), ask("hello") + " hello 1\n\n" + ask("more") + " more 2\n\n");
}

TEST_F(GenerationTest, TheEndIsNotFed) { expectAnswer(ask("end"), {}, " bye 1", RWKVC_FINISH_END); }

TEST_F(GenerationTest, TheLengthEnds) {
  Result result = expectAnswer(ask("hello"), {.maxTokens = 4}, " hel", RWKVC_FINISH_LENGTH);
  EXPECT_EQ(result.generated.tokens, 4u);
}

TEST_F(GenerationTest, WhatWasHeldBackComesAtTheEnd) {
  expectAnswer(ask("a\nb"), {.maxTokens = 3}, " a\n", RWKVC_FINISH_LENGTH);
}

TEST_F(GenerationTest, ACutCharacterComesAtTheEnd) {
  expectAnswer(ask("\u00e9"), {.maxTokens = 2}, " \xc3", RWKVC_FINISH_LENGTH);
}

TEST_F(GenerationTest, CharactersStayWhole) {
  Result result = expectAnswer(ask("\u00e9\u4e16\U0001f600"), {}, " \u00e9\u4e16\U0001f600 1", RWKVC_FINISH_STOP);
  EXPECT_EQ(result.pieces, (std::vector<std::string>{"", "", "", " ", "", "\u00e9", "", "", "\u4e16", "", "", "",
                                                     "\U0001f600", " ", "1", "", ""}));
}

TEST_F(GenerationTest, InvalidBytesPass) { expectAnswer(ask("bytes"), {}, " \xff\xc3(1", RWKVC_FINISH_STOP); }

TEST_F(GenerationTest, SeveralStops) {
  expectAnswer(ask("lines"), {.stops = {"\n\nUser:", "three\n\nX"}}, " one\ntwo\n\nthree", RWKVC_FINISH_STOP);
}

TEST_F(GenerationTest, NothingToSampleOnlyFeeds) {
  sampler.reset();
  expectAnswer(ask("hello"), {.maxTokens = 0}, "", RWKVC_FINISH_LENGTH);
}

TEST_F(GenerationTest, AnEmptyPromptIsTheEndOfATextBefore) {
  Result result = generate(state, "", {.maxTokens = 2});
  EXPECT_EQ(result.generated.prompt_tokens, 1u);
  EXPECT_EQ(seen(state), std::string(1, 0) + result.tokens);
}

// The module takes 8 rows a step.
TEST_F(GenerationTest, ALongPromptCanBeInterrupted) {
  std::string prompt = ask(std::string(30, 'x'));
  int calls = 0;
  Result result = generate(state, prompt, {.onText = [&](std::string_view text) {
                             EXPECT_EQ(text, "");
                             return ++calls == 2 ? 1 : 0;
                           }});
  EXPECT_EQ(result.status, RWKVC_OK);
  EXPECT_EQ(result.generated.finish, RWKVC_FINISH_INTERRUPTED);
  EXPECT_EQ(result.generated.prompt_tokens, 16u);
  EXPECT_EQ(result.generated.tokens, 0u);
  EXPECT_EQ(seen(state), prompt.substr(0, 16));
}

TEST_F(GenerationTest, AnAnswerCanBeInterrupted) {
  std::string text;
  auto onText = [&](std::string_view piece) {
    text += piece;
    return text == " hel" ? 7 : 0;
  };
  Result result = expectAnswer(ask("hello"), {.onText = onText}, " hel", RWKVC_FINISH_INTERRUPTED);
  EXPECT_EQ(result.tokens, " hel") << "what was read was said";
}

// Free text, where the next byte is by chance.
TEST_F(GenerationTest, OneSeedIsOneText) {
  std::string first;
  for (uint64_t seed : {1, 1, 2})
    for (uint32_t threads = 1; threads <= 3; ++threads) {
      session = newSession(model, threads);
      sampler = newSampler(256, 1, seed);
      state = newState(model);
      std::string text = generate(state, "Once", {.maxTokens = 60, .stops = {}}).text;
      EXPECT_EQ(text.size(), 60u);
      if (first.empty())
        first = text;
      EXPECT_EQ(text == first, seed == 1) << text;
    }
}

TEST_F(GenerationTest, ASavedStateGoesOn) {
  sampler = newSampler(256, 1, 5);
  generate(state, "Once", {.maxTokens = 20, .stops = {}});
  std::string path = temporary("generation.state");
  ASSERT_EQ(rwkvc_state_save(state.get(), path.c_str()), RWKVC_OK);
  std::string texts[2];
  for (std::string &text : texts) {
    rwkvc_sampler_reset(sampler.get());
    text = generate(state, " upon", {.maxTokens = 40, .stops = {}}).text;
    state = newState(model);
    ASSERT_EQ(rwkvc_state_load(state.get(), path.c_str()), RWKVC_OK);
  }
  EXPECT_EQ(texts[0], texts[1]);
  EXPECT_NE(generate(newState(model), " upon", {.maxTokens = 40, .stops = {}}).text, texts[0]);
}

TEST_F(GenerationTest, OptionsAreChecked) {
  auto refused = [&](const Result &result, rwkvc_status_t status, const char *words) {
    expectRefusal(result.status, status, words);
    EXPECT_EQ(seen(state), "") << "nothing was fed";
  };
  refused(generate(state, "x", {.stops = {"a", ""}}), RWKVC_INVALID_ARGUMENT, "stop text 2 is empty");
  refused(generate(state, "x", {.stops = {nullptr}}), RWKVC_INVALID_ARGUMENT, "stop text 1 is empty");
  refused(generate(state, std::string("x\0y", 3)), RWKVC_INVALID_ARGUMENT, "byte 0");
  sampler = newSampler(255, 0);
  refused(generate(state, "x"), RWKVC_INVALID_ARGUMENT, "the sampler is for 255 tokens, but the vocabulary has 256");
  sampler.reset();
  refused(generate(state, "x"), RWKVC_INVALID_ARGUMENT, "the sampler is for 0 tokens");
  EXPECT_EQ(rwkvc_session_generate(nullptr, nullptr, nullptr, nullptr, 0, nullptr, nullptr), RWKVC_INVALID_ARGUMENT);
  rwkvc_generation_t generation = {};
  rwkvc_generated_t generated;
  expectRefusal(rwkvc_session_generate(session.get(), state.get(), nullptr, "x", 1, &generation, &generated),
                RWKVC_INVALID_ARGUMENT, "call rwkvc_generation_init first");
}

TEST(Generation, NeedsATokenizer) {
  Model model = load(sealedFile("text-plain"));
  Session session = newSession(model, 1);
  State state = newState(model);
  rwkvc_generated_t generated;
  expectRefusal(
      rwkvc_session_generate(session.get(), state.get(), newSampler(256, 0).get(), "x", 1, nullptr, &generated),
      RWKVC_INCOMPATIBLE, "--tokenizer");
}
