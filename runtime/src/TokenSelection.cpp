// Tokens are looked at in blocks: a block's greatest logit tells whether any of its tokens can be among those kept.
#include "runtime/src/TokenSelection.h"

#include <algorithm>
#include <bit>
#include <cmath>

using namespace rwkvc;

static constexpr uint32_t blockTokens = 64;
static constexpr unsigned radixBits = 11;

// Orders as the logits do. Adding zero makes one zero of two.
static inline uint32_t keyOf(float logit) {
  uint32_t bits = std::bit_cast<uint32_t>(logit + 0.0f);
  return bits ^ (bits >> 31 ? 0xffffffffu : 0x80000000u);
}

TokenSelection::TokenSelection(uint32_t vocabulary)
    : vocabulary(vocabulary), blockCount((vocabulary + blockTokens - 1) / blockTokens), greatest(blockCount),
      rank(blockCount), greatestWeights(blockCount), blockSums(blockCount), candidates(vocabulary), members(vocabulary),
      buckets(size_t{1} << radixBits) {}

float TokenSelection::start(const float *allLogits) {
  logits = allLogits;
  isAll = true;
  for (uint32_t block = 0; block < blockCount; ++block) {
    uint32_t begin = block * blockTokens, end = std::min(begin + blockTokens, vocabulary), i = begin;
    // Four chains: one would wait for itself, and the compiler may not reorder comparisons of floats.
    float most[4] = {-INFINITY, -INFINITY, -INFINITY, -INFINITY};
    for (; i + 4 <= end; i += 4)
      for (uint32_t lane = 0; lane < 4; ++lane)
        most[lane] = most[lane] < logits[i + lane] ? logits[i + lane] : most[lane];
    greatest[block] = *std::max_element(most, most + 4);
    for (; i < end; ++i)
      greatest[block] = std::max(greatest[block], logits[i]);
  }
  return *std::max_element(greatest.begin(), greatest.end());
}

void TokenSelection::setScale(const WeightScale &newScale) {
  scale = newScale;
  computeWeights(greatest.data(), blockCount, scale, greatestWeights.data());
}

// Fills in the candidates: those that are at least as probable as both say.
void TokenSelection::collect(float leastLogit, uint64_t leastWeight) {
  isAll = false;
  count = 0;
  for (uint32_t block = 0; block < blockCount; ++block) {
    if (greatest[block] < leastLogit || greatestWeights[block] < leastWeight)
      continue;
    uint64_t weights[blockTokens];
    uint32_t begin = block * blockTokens, size = std::min(blockTokens, vocabulary - begin);
    computeWeights(logits + begin, size, scale, weights);
    for (uint32_t i = 0; i < size; ++i) {
      float logit = logits[begin + i];
      candidates[count] = {begin + i, keyOf(logit), weights[i]};
      count += (logit >= leastLogit) & (weights[i] >= leastWeight);
    }
  }
}

// Branches here would be guessed wrong half of the time.
template <typename IsKept> void TokenSelection::keepIf(IsKept isKept) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < count; ++i) {
    Candidate candidate = candidates[i];
    candidates[kept] = candidate;
    kept += isKept(candidate);
  }
  count = kept;
}

// The first candidates by logit and id whose measures add up to `needed`.
template <typename Measure> void TokenSelection::keepTop(uint64_t needed, Measure measure) {
  // Members are those whose keys begin like that of the last one kept: fewer with each digit.
  uint32_t memberCount = count, lastKey = 0;
  bool isFirst = true;
  // The last digit repeats a bit of the one before, which does no harm.
  for (unsigned shift : {2 * radixBits - 1, radixBits - 1, 0u}) {
    auto digit = [&](uint32_t i) { return candidates[i].key >> shift & ((1u << radixBits) - 1); };
    std::fill(buckets.begin(), buckets.end(), 0);
    for (uint32_t m = 0; m < memberCount; ++m) {
      uint32_t i = isFirst ? m : members[m];
      buckets[digit(i)] += measure(candidates[i]);
    }
    uint32_t last = (1u << radixBits) - 1;
    for (; buckets[last] < needed && last > 0; --last)
      needed -= buckets[last];
    uint32_t stay = 0;
    for (uint32_t m = 0; m < memberCount; ++m) {
      uint32_t i = isFirst ? m : members[m];
      members[stay] = i;
      stay += digit(i) == last;
    }
    memberCount = stay;
    lastKey |= last << shift;
    isFirst = false;
  }
  uint32_t lastId = 0;
  for (uint32_t m = 0; m < memberCount && needed > 0; ++m) {
    lastId = candidates[members[m]].id;
    needed -= std::min(needed, measure(candidates[members[m]]));
  }
  keepIf([=](const Candidate &c) { return c.key > lastKey || (c.key == lastKey && c.id <= lastId); });
}

void TokenSelection::keepMostProbable(uint32_t tokens) {
  if (tokens >= vocabulary)
    return;
  float least = -INFINITY;
  if (tokens <= blockCount) {
    // So many blocks have a token at least as probable as this one, hence so many tokens are.
    rank = greatest;
    std::nth_element(rank.begin(), rank.begin() + (tokens - 1), rank.end(), std::greater<float>());
    least = rank[tokens - 1];
  }
  collect(least, 0);
  keepTop(tokens, [](const Candidate &) { return uint64_t{1}; });
}

void TokenSelection::dropLighterThan(uint64_t weight) {
  if (isAll)
    collect(-INFINITY, weight);
  else
    keepIf([=](const Candidate &candidate) { return candidate.weight >= weight; });
}

void TokenSelection::keepShare(float share) {
  uint64_t sum = isAll ? sumAll() : sumCandidates();
  auto needed = static_cast<uint64_t>(std::ceil(double{share} * static_cast<double>(sum)));
  needed = std::clamp<uint64_t>(needed, 1, sum);
  // A token that is kept weighs at least as much as one that is not. So if those above some weight have the share, the
  // ones to keep are among them: mostly few, and found at the first tries.
  for (uint64_t least = weightOne / 16; isAll; least /= 16) {
    collect(-INFINITY, least);
    isAll = sumCandidates() < needed;
  }
  keepTop(needed, [](const Candidate &candidate) { return candidate.weight; });
}

uint64_t TokenSelection::sumAll() {
  uint64_t sum = 0;
  for (uint32_t block = 0; block < blockCount; ++block) {
    uint32_t begin = block * blockTokens;
    blockSums[block] = sumWeights(logits + begin, std::min(blockTokens, vocabulary - begin), scale);
    sum += blockSums[block];
  }
  return sum;
}

uint64_t TokenSelection::sumCandidates() const {
  uint64_t sum = 0;
  for (uint32_t i = 0; i < count; ++i)
    sum += candidates[i].weight;
  return sum;
}

// Index of the weight in which the `position`-th unit lies; `position` becomes that unit's place in it.
template <typename WeightAt> static uint32_t findUnit(uint64_t &position, WeightAt weightAt) {
  uint32_t i = 0;
  while (position >= weightAt(i))
    position -= weightAt(i++);
  return i;
}

uint32_t TokenSelection::draw(uint64_t random) {
  uint64_t sum = isAll ? sumAll() : sumCandidates();
  auto position = static_cast<uint64_t>((static_cast<unsigned __int128>(random) * sum) >> 64);
  if (!isAll)
    return candidates[findUnit(position, [&](uint32_t i) { return candidates[i].weight; })].id;
  uint32_t begin = blockTokens * findUnit(position, [&](uint32_t i) { return blockSums[i]; });
  uint64_t weights[blockTokens];
  computeWeights(logits + begin, std::min(blockTokens, vocabulary - begin), scale, weights);
  return begin + findUnit(position, [&](uint32_t i) { return weights[i]; });
}
