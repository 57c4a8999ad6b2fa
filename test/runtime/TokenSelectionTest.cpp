// Which tokens are kept, and which unit of weight is whose, against sorting: exact, since weights are whole numbers.
#include "runtime/src/TokenSelection.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

using namespace rwkvc;

namespace {

// The same by its definition.
struct SortedReference {
  SortedReference(const std::vector<float> &logits, float temperature) : weights(logits.size()) {
    float top = *std::max_element(logits.begin(), logits.end());
    computeWeights(logits.data(), static_cast<uint32_t>(logits.size()), {top, temperature}, weights.data());
    for (uint32_t i = 0; i < logits.size(); ++i)
      kept.push_back(i);
    std::sort(kept.begin(), kept.end(),
              [&](uint32_t a, uint32_t b) { return logits[a] > logits[b] || (logits[a] == logits[b] && a < b); });
  }
  uint64_t sum() const {
    uint64_t total = 0;
    for (uint32_t id : kept)
      total += weights[id];
    return total;
  }
  void keepMostProbable(size_t tokens) { kept.resize(std::min(tokens, kept.size())); }
  void dropLighterThan(uint64_t weight) {
    std::erase_if(kept, [&](uint32_t id) { return weights[id] < weight; });
  }
  void keepShare(float share) {
    double needed = std::ceil(double{share} * static_cast<double>(sum()));
    uint64_t have = 0;
    size_t size = 0;
    while (size < kept.size() && (size == 0 || static_cast<double>(have) < needed))
      have += weights[kept[size++]];
    kept.resize(size);
  }

  std::vector<uint64_t> weights;
  std::vector<uint32_t> kept; // most probable first
};

// The first and the last unit of every kept token must be drawn as that token.
void expectSame(TokenSelection &selection, SortedReference reference) {
  std::sort(reference.kept.begin(), reference.kept.end());
  unsigned __int128 sum = reference.sum(), position = 0;
  auto draw = [&](unsigned __int128 unit) {
    return selection.draw(static_cast<uint64_t>(((unit << 64) + sum - 1) / sum));
  };
  size_t stride = std::max<size_t>(1, reference.kept.size() / 500); // every draw walks the whole of them
  for (size_t i = 0; i < reference.kept.size(); ++i) {
    uint64_t weight = reference.weights[reference.kept[i]];
    if (weight > 0 && (i % stride == 0 || i + 1 == reference.kept.size())) {
      ASSERT_EQ(draw(position), reference.kept[i]) << "first unit of kept token " << i;
      ASSERT_EQ(draw(position + weight - 1), reference.kept[i]) << "last unit of kept token " << i;
    }
    position += weight;
  }
}

struct Filters {
  uint32_t topK = 0;
  float minP = 0, topP = 1;
};

void compare(const std::vector<float> &logits, float temperature, const Filters &filters) {
  SCOPED_TRACE(testing::Message() << logits.size() << " tokens, temperature " << temperature << ", top_k "
                                  << filters.topK << ", min_p " << filters.minP << ", top_p " << filters.topP);
  SortedReference reference(logits, temperature);
  TokenSelection selection(static_cast<uint32_t>(logits.size()));
  float top = selection.start(logits.data());
  ASSERT_EQ(top, *std::max_element(logits.begin(), logits.end()));
  selection.setScale({top, temperature});
  if (filters.topK > 0) {
    reference.keepMostProbable(filters.topK);
    selection.keepMostProbable(filters.topK);
  }
  if (filters.minP > 0) {
    auto weight = static_cast<uint64_t>(filters.minP * static_cast<double>(weightOne));
    reference.dropLighterThan(weight);
    selection.dropLighterThan(weight);
  }
  if (filters.topP < 1) {
    reference.keepShare(filters.topP);
    selection.keepShare(filters.topP);
  }
  expectSame(selection, reference);
}

std::vector<float> randomLogits(std::mt19937 &random, size_t size, float spread, bool quantised) {
  std::normal_distribution<float> normal(0, 1); // whose spread may not be 0
  std::vector<float> logits(size);
  for (float &logit : logits) {
    logit = spread * normal(random);
    if (quantised)
      logit = std::round(logit); // many ties, and zeros of both signs
    if (random() % 16 == 0)
      logit = -INFINITY;
  }
  logits[random() % size] = spread; // one at least is possible
  return logits;
}

} // namespace

TEST(TokenSelection, AgreesWithSorting) {
  std::mt19937 random(5);
  for (size_t size : {1, 2, 3, 63, 64, 65, 127, 130, 256, 1000, 5000})
    for (float spread : {0.0f, 0.5f, 3.0f, 12.0f})
      for (int round = 0; round < 6; ++round) {
        std::vector<float> logits = randomLogits(random, size, spread, round % 2);
        float temperature = round < 4 ? 1.0f : 0.3f;
        auto share = static_cast<float>(random() % 1000) / 1000.0f;
        auto k = static_cast<uint32_t>(1 + random() % (size + 2));
        compare(logits, temperature, {});
        compare(logits, temperature, {.topK = k});
        compare(logits, temperature, {.topK = 1 + k / 64});
        compare(logits, temperature, {.minP = share / 8});
        compare(logits, temperature, {.topP = share});
        compare(logits, temperature, {.topK = k, .minP = share / 100, .topP = share});
      }
}

TEST(TokenSelection, ManyTokensAgreeWithSorting) {
  std::mt19937 random(6);
  for (float spread : {0.0f, 1.0f, 4.0f}) {
    std::vector<float> logits = randomLogits(random, 65536, spread, false);
    compare(logits, 1, {.topP = 0.9f});
    compare(logits, 1, {.topK = 40, .topP = 0.5f});
    compare(logits, 1, {.topK = 5000});
    compare(logits, 1, {.minP = 0.01f, .topP = 0.9f});
  }
}

TEST(TokenSelection, NothingIsKeptButOne) {
  compare({1, 3, 3, 2}, 1, {.topP = 0});
  compare({1, 3, 3, 2}, 1, {.topK = 1});
  compare({1, 3, 3, 2}, 1, {.minP = 1});
  compare({-0.0f, 0.0f, -INFINITY}, 1, {.topK = 1}); // equal: the lower id
}

TEST(SamplingWeights, AreExp) {
  std::vector<float> logits;
  for (int i = 0; i <= 60000; ++i)
    logits.push_back(7.25f - static_cast<float>(i) * 1e-3f);
  logits.push_back(-INFINITY);
  logits.push_back(-3e38f);
  for (float temperature : {1.0f, 0.1f, 1e-30f, 1e6f}) {
    std::vector<uint64_t> weights(logits.size());
    auto count = static_cast<uint32_t>(logits.size());
    computeWeights(logits.data(), count, {7.25f, temperature}, weights.data());
    uint64_t sum = 0;
    for (size_t i = 0; i < logits.size(); ++i) {
      long double exact = std::exp((static_cast<long double>(logits[i]) - 7.25L) / temperature);
      ASSERT_NEAR(static_cast<long double>(weights[i]) / weightOne, exact, 1.0e-12L) << logits[i];
      sum += weights[i];
      // Whatever the vectors' width, a token's weight is that which it has alone.
      uint64_t alone;
      computeWeights(&logits[i], 1, {7.25f, temperature}, &alone);
      ASSERT_EQ(weights[i], alone);
    }
    EXPECT_EQ(sumWeights(logits.data(), count, {7.25f, temperature}), sum);
    EXPECT_EQ(weights[0], weightOne);
    EXPECT_EQ(weights[60001], 0u);
  }
}
