// The text side of the C++ wrapper, on a random model with the tokenizer `bytes`, which RWKVC_TEST_MODEL names.
#include <rwkvc/rwkvc.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace {

const char *modelPath() {
  const char *path = getenv("RWKVC_TEST_MODEL");
  return path ? path : "";
}

class CppTextTest : public testing::Test {
protected:
  rwkvc::Model model{modelPath()};
  rwkvc::Session session{model, 1};
  rwkvc::State state{model};
  rwkvc::Sampler greedy{model, {.temperature = 0}};
};

// Lower-case letters alone, so that each token is a character.
rwkvc::Sampling letters() {
  rwkvc::Sampling sampling{.seed = 4};
  for (int32_t token = 0; token < 256; ++token)
    if (token < 'a' || token > 'z')
      sampling.bias.emplace_back(token, -INFINITY);
  return sampling;
}

template <typename T>
constexpr bool movesOnly = std::is_nothrow_move_constructible_v<T> && std::is_nothrow_move_assignable_v<T> &&
                           !std::is_copy_constructible_v<T> && !std::is_copy_assignable_v<T>;
static_assert(movesOnly<rwkvc::Tokenizer> && movesOnly<rwkvc::Sampler>);

} // namespace

// Nothing else here holds the model.
TEST(CppTokenizerTest, OutlivesItsModelAndGoesBothWays) {
  rwkvc::Tokenizer tokenizer = rwkvc::Model(modelPath()).tokenizer();
  EXPECT_EQ(tokenizer.kind(), "bytes");
  EXPECT_EQ(tokenizer.size(), 256u);
  EXPECT_EQ(tokenizer.end(), 0);
  EXPECT_EQ(tokenizer.encode("a\xff"), (std::vector<int32_t>{'a', 0xff}));
  EXPECT_EQ(tokenizer.decode(std::vector<int32_t>{'a', 0, 0xff}), "a\xff");
  EXPECT_TRUE(tokenizer.encode("").empty());
  EXPECT_TRUE(tokenizer.decode({}).empty());
  EXPECT_THROW(tokenizer.decode(std::vector<int32_t>{256}), rwkvc::Error);
  EXPECT_THROW(rwkvc::Tokenizer(std::as_bytes(std::span("what is this"))), rwkvc::Error);
}

// Two ids, of one byte and of twenty: what is decoded is longer than one guesses.
TEST(CppTokenizerTest, ComesFromPackedBytes) {
  const char *path = getenv("RWKVC_TEST_PACKED");
  std::ifstream file(path ? path : "", std::ios::binary);
  std::string packed((std::istreambuf_iterator<char>(file)), {});
  rwkvc::Tokenizer tokenizer(std::as_bytes(std::span(packed)));
  packed.clear();
  std::string text = "b";
  for (int i = 0; i < 100; ++i)
    text += "abababababababababab";
  std::vector<int32_t> ids = tokenizer.encode(text);
  EXPECT_EQ(ids.size(), 101u);
  EXPECT_EQ(tokenizer.decode(ids), text);
  EXPECT_EQ(tokenizer.kind(), "longest-match");
}

TEST(CppSamplingTest, DefaultsAreTheLibrarys) {
  rwkvc_sampling_t c;
  rwkvc_sampling_init(&c);
  rwkvc::Sampling mine;
  EXPECT_EQ(mine.temperature, c.temperature);
  EXPECT_EQ(mine.top_p, c.top_p);
  EXPECT_EQ(mine.min_p, c.min_p);
  EXPECT_EQ(mine.top_k, c.top_k);
  EXPECT_EQ(mine.presence_penalty, c.presence_penalty);
  EXPECT_EQ(mine.frequency_penalty, c.frequency_penalty);
  EXPECT_EQ(mine.penalty_decay, c.penalty_decay);
  EXPECT_EQ(mine.seed, c.seed);
  EXPECT_EQ(mine.bias.size(), c.bias_count);
  rwkvc_generation_t generation;
  rwkvc_generation_init(&generation);
  EXPECT_EQ(rwkvc::Generation().max_tokens, generation.max_tokens);
}

// Each field reaches the library: alone, it changes what is chosen.
TEST(CppSamplingTest, EveryFieldCounts) {
  std::vector<float> logits = {0, 3, 2.9f, 1};
  auto sample = [&](const rwkvc::Sampling &sampling) {
    rwkvc::Sampler sampler(4, sampling);
    std::string tokens;
    for (int i = 0; i < 40; ++i)
      tokens += static_cast<char>('0' + sampler.sample(logits));
    return tokens;
  };
  auto uses = [](const std::string &tokens, const char *only) {
    return tokens.find_first_not_of(only) == std::string::npos;
  };
  std::string free = sample({});
  EXPECT_FALSE(uses(free, "12"));
  EXPECT_EQ(sample({}), free);
  EXPECT_NE(sample({.seed = 1}), free);
  EXPECT_TRUE(uses(sample({.temperature = 0}), "1"));
  EXPECT_TRUE(uses(sample({.top_p = 0.4f}), "1"));
  EXPECT_TRUE(uses(sample({.min_p = 0.5f}), "12"));
  EXPECT_TRUE(uses(sample({.top_k = 2}), "12"));
  EXPECT_TRUE(uses(sample({.bias = {{0, -INFINITY}, {3, -INFINITY}}}), "12"));
  EXPECT_EQ(sample({.temperature = 0, .presence_penalty = 2}).substr(0, 3), "121");
  EXPECT_EQ(sample({.temperature = 0, .frequency_penalty = 1}).substr(0, 4), "1212");
  EXPECT_EQ(sample({.temperature = 0, .frequency_penalty = 1, .penalty_decay = 0.01f}).substr(0, 4), "1212");
  EXPECT_NE(sample({.temperature = 0, .frequency_penalty = 1, .penalty_decay = 0.01f}),
            sample({.temperature = 0, .frequency_penalty = 1}));
}

TEST_F(CppTextTest, SamplersResetAndRefuse) {
  rwkvc::Sampler sampler(model, {.temperature = 0, .presence_penalty = 100});
  std::vector<float> logits(256);
  logits[9] = 5;
  EXPECT_EQ(sampler.sample(logits), 9);
  EXPECT_NE(sampler.sample(logits), 9);
  sampler.reset();
  EXPECT_EQ(sampler.sample(logits), 9);
  logits.pop_back();
  EXPECT_THROW(sampler.sample(logits), rwkvc::Error);
  EXPECT_THROW(rwkvc::Sampler(256, {.temperature = -1}), rwkvc::Error);
}

TEST_F(CppTextTest, GeneratesWhatStepAndSampleDo) {
  rwkvc::Sampler sampler(model, letters());
  std::string heard;
  rwkvc::Generated made =
      session.generate(state, sampler, "hello", {.max_tokens = 20}, [&](std::string_view text) { heard += text; });
  EXPECT_EQ(made.prompt_tokens, 5u);
  EXPECT_EQ(made.tokens, 20u);
  EXPECT_EQ(made.finish, RWKVC_FINISH_LENGTH);
  EXPECT_LE(made.first_token_s, made.total_s);
  EXPECT_EQ(heard, made.text);

  sampler.reset();
  rwkvc::State again(model);
  std::vector<float> logits = session.step(again, model.tokenizer().encode("hello"));
  std::vector<int32_t> ids;
  for (int i = 0; i < 20; ++i) {
    ids.push_back(sampler.sample(logits));
    logits = session.step(again, std::span(&ids.back(), 1));
  }
  EXPECT_EQ(made.ids, ids);
  EXPECT_EQ(made.text, model.tokenizer().decode(ids));
  EXPECT_EQ(state.floats(), again.floats());
}

TEST_F(CppTextTest, StopsAtTextsAndWhenTold) {
  auto answer = [&](const rwkvc::Generation &generation, auto onText) {
    rwkvc::Sampler sampler(model, letters());
    rwkvc::State fresh(model);
    return session.generate(fresh, sampler, "x", generation, onText);
  };
  auto listen = [](std::string_view) {};
  std::string free = answer({.max_tokens = 30}, listen).text;
  std::string stop = free.substr(10, 3);
  rwkvc::Generated stopped = answer({.max_tokens = 30, .stops = {"#", stop}}, listen);
  EXPECT_EQ(stopped.finish, RWKVC_FINISH_STOP);
  EXPECT_EQ(stopped.text, free.substr(0, free.find(stop)));

  int calls = 0;
  rwkvc::Generated interrupted =
      answer({.max_tokens = 30}, [&](std::string_view text) { return text.empty() || ++calls < 3; });
  EXPECT_EQ(interrupted.finish, RWKVC_FINISH_INTERRUPTED);
  EXPECT_EQ(interrupted.text, free.substr(0, 3));
}

TEST_F(CppTextTest, WhatACallbackThrowsComesOut) {
  int calls = 0;
  auto fail = [&](std::string_view text) {
    if (!text.empty() && ++calls == 2)
      throw std::out_of_range("mine");
  };
  rwkvc::Sampler sampler(model, letters());
  EXPECT_THROW(session.generate(state, sampler, "hello", {}, fail), std::out_of_range);
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(session.generate(state, sampler, "on", {.max_tokens = 3}).tokens, 3u); // all of it is still usable
}

TEST_F(CppTextTest, GenerationFailsAsAnError) {
  EXPECT_THROW(session.generate(state, greedy, std::string_view("a\0b", 3)), rwkvc::Error);
  rwkvc::Sampler small(255);
  EXPECT_THROW(session.generate(state, small, "a"), rwkvc::Error);
}
