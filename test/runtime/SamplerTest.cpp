// The sampler through the C API: distributions against a reference by the formulas, and what it refuses.
#include "runtime/include/rwkvc/generation.h"
#include "test/runtime/FakeModule.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <random>

using fake::expectRefusal;

namespace {

using Sampler = std::unique_ptr<rwkvc_sampler_t, fake::Release<rwkvc_sampler_release>>;

rwkvc_sampling_t defaults() {
  rwkvc_sampling_t sampling;
  rwkvc_sampling_init(&sampling);
  return sampling;
}

Sampler create(size_t vocabulary, const rwkvc_sampling_t &sampling) {
  rwkvc_sampler_t *sampler = nullptr;
  EXPECT_EQ(rwkvc_sampler_create(static_cast<uint32_t>(vocabulary), &sampling, &sampler), RWKVC_OK)
      << rwkvc_status_message(RWKVC_INVALID_ARGUMENT);
  return Sampler(sampler);
}

int32_t sample(const Sampler &sampler, const std::vector<float> &logits) {
  int32_t token = -1;
  EXPECT_EQ(rwkvc_sampler_sample(sampler.get(), logits.data(), &token), RWKVC_OK)
      << rwkvc_status_message(RWKVC_INVALID_ARGUMENT);
  return token;
}

// Probabilities after temperature and filters, by their definitions and with the C library's exp.
std::vector<double> referenceProbabilities(const std::vector<float> &logits, const rwkvc_sampling_t &sampling) {
  std::vector<size_t> order(logits.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return logits[a] > logits[b] || (logits[a] == logits[b] && a < b); });
  if (sampling.top_k > 0)
    order.resize(std::min<size_t>(order.size(), sampling.top_k));
  std::vector<double> result(logits.size());
  for (size_t i : order)
    result[i] = std::exp((logits[i] - logits[order[0]]) / double{sampling.temperature});
  std::erase_if(order, [&](size_t i) { return result[i] < sampling.min_p; });
  double sum = 0, kept = 0;
  for (size_t i : order)
    sum += result[i];
  size_t size = 0;
  while (size < order.size() && (size == 0 || kept < sampling.top_p * sum))
    kept += result[order[size++]];
  std::vector<double> probabilities(logits.size());
  for (size_t i = 0; i < size; ++i)
    probabilities[order[i]] = result[order[i]] / kept;
  return probabilities;
}

// Pearson's chi-square of many draws; five standard deviations above its mean is beyond chance.
void expectDistribution(const std::vector<float> &logits, const rwkvc_sampling_t &sampling) {
  constexpr int draws = 20000;
  std::vector<double> expected = referenceProbabilities(logits, sampling);
  std::vector<int> found(logits.size());
  Sampler sampler = create(logits.size(), sampling);
  for (int i = 0; i < draws; ++i)
    ++found[static_cast<size_t>(sample(sampler, logits))];
  double chi = 0, cells = 0, rest = 0, restFound = 0;
  for (size_t i = 0; i < logits.size(); ++i) {
    if (expected[i] == 0)
      EXPECT_EQ(found[i], 0) << "token " << i << " is filtered out";
    if (expected[i] * draws < 10) {
      rest += expected[i] * draws;
      restFound += found[i];
      continue;
    }
    double gap = found[i] - expected[i] * draws;
    chi += gap * gap / (expected[i] * draws);
    ++cells;
  }
  if (rest >= 10) {
    chi += (restFound - rest) * (restFound - rest) / rest;
    ++cells;
  }
  double freedom = std::max(1.0, cells - 1);
  EXPECT_LT(chi, freedom + 5 * std::sqrt(2 * freedom)) << cells << " cells";
}

} // namespace

TEST(Sampler, Distributions) {
  std::mt19937 random(3);
  std::normal_distribution<float> normal(0, 2);
  for (uint64_t seed = 0; seed < 2; ++seed) {
    std::vector<float> logits(90);
    for (float &logit : logits)
      logit = normal(random);
    rwkvc_sampling_t sampling = defaults();
    sampling.seed = seed;
    expectDistribution(logits, sampling);
    sampling.temperature = 0.6f;
    expectDistribution(logits, sampling);
    sampling.top_k = 20;
    expectDistribution(logits, sampling);
    sampling.top_p = 0.8f;
    expectDistribution(logits, sampling);
    sampling.min_p = 0.1f;
    expectDistribution(logits, sampling);
    sampling.top_k = 0;
    expectDistribution(logits, sampling);
  }
}

// Written down once: another machine, compiler or version must draw the same.
TEST(Sampler, ASeedIsATextForever) {
  std::vector<float> logits(1000);
  for (size_t i = 0; i < logits.size(); ++i)
    logits[i] = static_cast<float>((i * 37) % 101) * 0.0625f;
  rwkvc_sampling_t sampling = defaults();
  sampling.seed = 42;
  sampling.top_p = 0.9f;
  sampling.temperature = 0.7f;
  Sampler sampler = create(logits.size(), sampling);
  std::vector<int32_t> tokens;
  for (int i = 0; i < 8; ++i)
    tokens.push_back(sample(sampler, logits));
  EXPECT_EQ(tokens, (std::vector<int32_t>{341, 958, 488, 65, 674, 65, 191, 737}));
}

TEST(Sampler, SeedsAndReset) {
  std::vector<float> logits(500, 1.0f);
  auto draw = [&](const Sampler &sampler) {
    std::vector<int32_t> tokens;
    for (int i = 0; i < 50; ++i)
      tokens.push_back(sample(sampler, logits));
    return tokens;
  };
  rwkvc_sampling_t sampling = defaults();
  sampling.frequency_penalty = 0.5f;
  Sampler first = create(500, sampling), again = create(500, sampling);
  sampling.seed = 1;
  Sampler other = create(500, sampling);
  std::vector<int32_t> tokens = draw(first);
  EXPECT_EQ(draw(again), tokens);
  EXPECT_NE(draw(other), tokens);
  EXPECT_NE(draw(first), tokens) << "the stream goes on";
  rwkvc_sampler_reset(first.get());
  EXPECT_EQ(draw(first), tokens) << "the counts are forgotten and the stream restarts";
}

TEST(Sampler, TemperatureZeroTakesTheMostProbable) {
  rwkvc_sampling_t sampling = defaults();
  sampling.temperature = 0;
  EXPECT_EQ(sample(create(5, sampling), {1, 4, -INFINITY, 4, 2}), 1) << "the lowest id of equals";
}

TEST(Sampler, BiasMovesAndForbids) {
  int32_t tokens[] = {1, 3, 0};
  float values[] = {-INFINITY, 1.5f, 0.25f};
  rwkvc_sampling_t sampling = defaults();
  sampling.temperature = 0;
  sampling.bias_tokens = tokens;
  sampling.bias_values = values;
  sampling.bias_count = 3;
  Sampler sampler = create(4, sampling);
  tokens[0] = 2; // they need not outlive the creation
  EXPECT_EQ(sample(sampler, {1, 9, 2, 1}), 3);
  EXPECT_EQ(sample(sampler, {2.5f, 9, 2, 1}), 0);
  EXPECT_EQ(sample(sampler, {1, 9, 3, 1}), 2);
}

// presence + frequency * count, counts decayed before a token is counted.
TEST(Sampler, PenaltiesFollowTheFormula) {
  rwkvc_sampling_t sampling = defaults();
  sampling.temperature = 0;
  sampling.presence_penalty = 0.3f;
  sampling.frequency_penalty = 0.2f;
  sampling.penalty_decay = 0.5f;
  Sampler sampler = create(6, sampling);
  std::vector<float> logits = {1.0f, 0.9f, 0.85f, 0.5f, 0.2f, 0.1f};
  std::map<int32_t, float> counts;
  for (int i = 0; i < 30; ++i) {
    std::vector<float> expected = logits;
    for (auto [token, count] : counts)
      expected[static_cast<size_t>(token)] -= 0.3f + 0.2f * count;
    auto best = static_cast<int32_t>(std::max_element(expected.begin(), expected.end()) - expected.begin());
    ASSERT_EQ(sample(sampler, logits), best) << "token " << i;
    for (auto &[token, count] : counts)
      count *= 0.5f;
    ++counts[best];
  }
  EXPECT_GT(counts.size(), 2u);
}

TEST(Sampler, OptionsAreChecked) {
  auto refused = [](auto change, const char *words) {
    rwkvc_sampling_t sampling = defaults();
    change(sampling);
    rwkvc_sampler_t *sampler = nullptr;
    expectRefusal(rwkvc_sampler_create(8, &sampling, &sampler), RWKVC_INVALID_ARGUMENT, words);
    EXPECT_EQ(sampler, nullptr);
  };
  refused([](auto &s) { s.temperature = NAN; }, "temperature is nan, but must be from 0 to 1e+06");
  refused([](auto &s) { s.temperature = -0.5f; }, "temperature is -0.5");
  refused([](auto &s) { s.temperature = INFINITY; }, "temperature is inf");
  refused([](auto &s) { s.top_p = 1.5f; }, "top_p is 1.5, but must be from 0 to 1");
  refused([](auto &s) { s.top_p = NAN; }, "top_p is nan");
  refused([](auto &s) { s.min_p = -1; }, "min_p is -1");
  refused([](auto &s) { s.presence_penalty = INFINITY; }, "presence_penalty is inf");
  refused([](auto &s) { s.frequency_penalty = NAN; }, "frequency_penalty is nan");
  refused([](auto &s) { s.penalty_decay = 1.01f; }, "penalty_decay is 1.01");
  refused([](auto &s) { s.struct_bytes = 0; }, "call rwkvc_sampling_init first");
  refused([](auto &s) { s.bias_count = 2; }, "2 biases need tokens and values");
  static int32_t token;
  static float value;
  auto bias = [](auto &s, int32_t t, float v) {
    token = t;
    value = v;
    s.bias_tokens = &token;
    s.bias_values = &value;
    s.bias_count = 1;
  };
  refused([&](auto &s) { bias(s, 8, 0); }, "a bias is given for token 8, but the vocabulary has 8");
  refused([&](auto &s) { bias(s, -1, 0); }, "a bias is given for token -1");
  refused([&](auto &s) { bias(s, 1, NAN); }, "the bias of token 1 is nan");
  refused([&](auto &s) { bias(s, 1, INFINITY); }, "the bias of token 1 is inf");
  rwkvc_sampling_t sampling = defaults();
  rwkvc_sampler_t *sampler = nullptr;
  sampling.struct_bytes += 8;
  expectRefusal(rwkvc_sampler_create(8, &sampling, &sampler), RWKVC_INCOMPATIBLE, "update it");
  expectRefusal(rwkvc_sampler_create(0, nullptr, &sampler), RWKVC_INVALID_ARGUMENT, "0 tokens");
  expectRefusal(rwkvc_sampler_create(1u << 30, nullptr, &sampler), RWKVC_INVALID_ARGUMENT, "takes 1 to 8388608");
  EXPECT_EQ(rwkvc_sampler_create(8, nullptr, nullptr), RWKVC_INVALID_ARGUMENT);
}

TEST(Sampler, OverflowIsRefused) {
  int32_t biased = 1;
  float value = 3e38f;
  rwkvc_sampling_t sampling = defaults();
  sampling.bias_tokens = &biased;
  sampling.bias_values = &value;
  sampling.bias_count = 1;
  Sampler sampler = create(2, sampling);
  std::vector<float> logits = {0, 3e38f};
  int32_t token;
  expectRefusal(rwkvc_sampler_sample(sampler.get(), logits.data(), &token), RWKVC_INVALID_ARGUMENT,
                "infinite after bias and penalties");
}

// A logit that is no number is nowhere in the order, and a share of the probability was looked for without end.
TEST(Sampler, BiasesThatMakeNoNumberAreRefused) {
  const int32_t tokens[] = {1, 1, 1};
  const float values[] = {3e38f, 3e38f, -INFINITY};
  rwkvc_sampling_t sampling = defaults();
  sampling.top_p = 0.5f;
  sampling.bias_tokens = tokens;
  sampling.bias_values = values;
  sampling.bias_count = 3;
  Sampler sampler = create(2, sampling);
  std::vector<float> logits = {0, 0};
  int32_t token;
  expectRefusal(rwkvc_sampler_sample(sampler.get(), logits.data(), &token), RWKVC_INVALID_ARGUMENT,
                "the logit of token 1 is not a number after its biases");
}

TEST(Sampler, LogitsAreChecked) {
  rwkvc_sampling_t sampling = defaults();
  sampling.frequency_penalty = 1;
  Sampler sampler = create(3, sampling), fresh = create(3, sampling);
  int32_t token = 7;
  auto refused = [&](std::vector<float> logits, const char *words) {
    expectRefusal(rwkvc_sampler_sample(sampler.get(), logits.data(), &token), RWKVC_INVALID_ARGUMENT, words);
    EXPECT_EQ(token, 7);
  };
  refused({0, NAN, 0}, "the logit of token 1 is nan");
  refused({0, 0, INFINITY}, "the logit of token 2 is inf");
  refused({-INFINITY, -INFINITY, -INFINITY}, "no token is possible");
  EXPECT_EQ(rwkvc_sampler_sample(nullptr, nullptr, &token), RWKVC_INVALID_ARGUMENT);
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(sample(sampler, {0, 1, 2}), sample(fresh, {0, 1, 2})) << "a refusal changes nothing";
  EXPECT_EQ(sample(sampler, {-INFINITY, 5, -INFINITY}), 1);
}
