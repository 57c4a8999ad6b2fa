// The tokens that a draw is among: all of them, the most probable so many, or those with a share of the probability.
// Linear in the vocabulary for every distribution, since by radix and not by sorting; for most it looks closely only
// at the few blocks of tokens whose greatest logit says that it must.
#ifndef RUNTIME_SRC_TOKENSELECTION_H
#define RUNTIME_SRC_TOKENSELECTION_H

#include "runtime/src/SamplingWeights.h"

#include <vector>

namespace rwkvc {

// Everything is allocated by the constructor.
class TokenSelection {
public:
  explicit TokenSelection(uint32_t vocabulary);

  // All tokens; returns the greatest logit. `logits` is [vocabulary] and outlives the selection.
  float start(const float *logits);
  void setScale(const WeightScale &scale);

  // Each drops some of what is left. Of equal logits the lower ids stay.
  void keepMostProbable(uint32_t tokens);
  void dropLighterThan(uint64_t weight);
  void keepShare(float share); // the fewest tokens that have this share of the weight

  // `random` stands for random / 2^64 of the weight.
  uint32_t draw(uint64_t random);

private:
  struct Candidate {
    uint32_t id, key; // keys order as logits do
    uint64_t weight;
  };

  uint64_t sumAll();
  uint64_t sumCandidates() const;
  void collect(float leastLogit, uint64_t leastWeight);
  template <typename IsKept> void keepIf(IsKept isKept);
  template <typename Measure> void keepTop(uint64_t needed, Measure measure);

  const uint32_t vocabulary, blockCount;
  const float *logits = nullptr;
  WeightScale scale{0, 1};
  bool isAll = true;                                // nothing has been dropped: `candidates` is not filled in
  uint32_t count = 0;                               // of the candidates
  std::vector<float> greatest, rank;                // [blockCount]
  std::vector<uint64_t> greatestWeights, blockSums; // [blockCount]
  std::vector<Candidate> candidates;                // [vocabulary], by ascending id
  std::vector<uint32_t> members;                    // [vocabulary]: indices of candidates
  std::vector<uint64_t> buckets;
};

} // namespace rwkvc

#endif // RUNTIME_SRC_TOKENSELECTION_H
