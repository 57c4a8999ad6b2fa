//===- PackGroups.h - Codes in groups under scales ---------------*- C++ -*-===//
//
// Shared by the quantised formats. A group's scale is an 8-bit level times the scale of its output: that costs a
// quarter bit less than a half-precision scale of each group, and the search below undoes what the level rounds.
//
//===----------------------------------------------------------------------===//
#ifndef DIALECTS_QUANT_PACKGROUPS_H
#define DIALECTS_QUANT_PACKGROUPS_H

#include "dialects/Quant/Feedback.h"
#include <algorithm>
#include <cfloat>
#include <cstdint>
#include <cstring>
#include <vector>

namespace rwkvc::weight {

/// Outputs that are packed together, each in a lane: their sums go over the inputs in order, so that every host packs
/// the same bytes, and their codes lie as they are stored. Passed by reference, since how a vector is passed by value
/// depends on the target.
inline constexpr int64_t kPackLanes = 16;
typedef float Lanes __attribute__((vector_size(kPackLanes * sizeof(float))));
typedef int32_t Integers __attribute__((vector_size(kPackLanes * sizeof(int32_t))));

[[gnu::always_inline]] inline void magnitudes(const Lanes &x, Lanes &result) { result = x < 0 ? -x : x; }

/// To nearest, for magnitudes below 2^22.
[[gnu::always_inline]] inline void rounded(const Lanes &x, Lanes &result) {
#pragma STDC FP_CONTRACT OFF
  constexpr float kOnes = 12582912; // its last bit is 1
  result = x + kOnes - kOnes;
}

/// 1 / scale, or 0 where that could not be held.
[[gnu::always_inline]] inline void inverted(const Lanes &scale, Lanes &result) {
  Lanes magnitude;
  magnitudes(scale, magnitude);
  result = magnitude >= FLT_MIN ? 1 / scale : Lanes{};
}

/// Rows [kPackLanes, inputs] to one vector an input.
[[gnu::always_inline]] inline void transposeRows(const float *rows, int64_t inputs, Lanes *out) {
  float *to = reinterpret_cast<float *>(out);
  for (int64_t n = 0; n < kPackLanes; ++n)
    for (int64_t k = 0; k < inputs; ++k)
      to[k * kPackLanes + n] = rows[n * inputs + k];
}

/// What packing needs of Feedback (Feedback.h) from an input on.
struct GroupFeedback {
  const float *shares, *costs; // of this input and those that follow it
  int64_t block, first;        // inputs of a block, and those before this one in its block

  /// Inputs are counted from here: the first that an error at `i` is not spread to any more, and what others get of it.
  int64_t end(int64_t i) const { return i + block - int64_t(uint32_t(first + i) % uint32_t(block)); }
  const float *of(int64_t i) const { return shares + i * block + int64_t(uint32_t(first + i) % uint32_t(block)) - i; }
};

/// Rounds a group under `scale`, input by input, and sums up what the squared errors cost. With feedback what each
/// leaves is spread over those that follow in the group.
template <typename Codec, bool kFeeds>
[[gnu::always_inline]] inline void encode(const Lanes *x, const Lanes &scale, const GroupFeedback &feedback,
                                          Integers *codes, Lanes *left, Lanes &cost) {
#pragma STDC FP_CONTRACT OFF
  Lanes inverse, aim[Codec::kGroup];
  std::memcpy(aim, x, sizeof(aim));
  inverted(scale, inverse);
  cost = Lanes{};
  for (int64_t i = 0; i < Codec::kGroup; ++i) {
    Lanes value;
    Codec::nearest(aim[i] * inverse, value, codes[i]);
    left[i] = value * scale - aim[i];
    if constexpr (!kFeeds) {
      cost += left[i] * left[i];
      continue;
    }
    cost += left[i] * left[i] * feedback.costs[i];
    const float *shares = feedback.of(i);
    for (int64_t j = i + 1, end = std::min(feedback.end(i), Codec::kGroup); j < end; ++j)
      aim[j] += left[i] * shares[j];
  }
}

/// Spreads what a group of `count` inputs has left over those of its block that follow it.
template <typename Codec>
[[gnu::always_inline]] inline void feed(const Lanes *left, int64_t count, const GroupFeedback &feedback, Lanes *x) {
#pragma STDC FP_CONTRACT OFF
  for (int64_t i = 0; i < count; ++i) {
    const float *shares = feedback.of(i);
    for (int64_t j = Codec::kGroup, end = feedback.end(i); j < end; ++j)
      x[j] += left[i] * shares[j];
  }
}

/// The codes of a group, and the level, a whole number up to 127 of either sign, at which they cost least under the
/// scale level * unit. `ideal` is the best level if it need not be whole.
template <typename Codec, bool kFeeds>
[[gnu::always_inline]] inline void encodeAtLevel(const Lanes *x, const Lanes &ideal, const Lanes &unit,
                                                 const GroupFeedback &feedback, Integers *best, Lanes *bestLeft,
                                                 Lanes &level) {
#pragma STDC FP_CONTRACT OFF
  Integers codes[Codec::kGroup];
  Lanes left[Codec::kGroup], nearest, least = {};
  rounded(ideal, nearest);
  nearest = nearest > 127 ? Lanes{} + 127 : nearest < -127 ? Lanes{} - 127 : nearest; // feedback may have made it grow
  level = Lanes{};
  for (float move : Codec::kMoves) {
    Lanes tried = nearest + move, cost;
    tried = tried > 127 ? level : tried < -127 ? level : tried;
    encode<Codec, kFeeds>(x, tried * unit, feedback, codes, left, cost);
    Integers better = move == 0 ? Integers{} - 1 : cost < least; // true is -1
    least = better ? cost : least;
    level = better ? tried : level;
    for (int64_t i = 0; i < Codec::kGroup; ++i) {
      best[i] = better ? codes[i] : best[i];
      if constexpr (kFeeds)
        bestLeft[i] = better ? left[i] : bestLeft[i];
    }
  }
}

/// A `Codec` has, for a group `x` of kGroup inputs of each lane:
///   kGroup, kStepBytes              inputs of a group, and bytes that an output takes in it
///   kMoves                          what is tried beside the nearest level, which is first
///   ideal(x, costs, scale)          sets the scale, of either sign, that suits the group best; `costs`, of an input's
///                                   squared error, may be null
///   nearest(y, value, code)         the value that y is rounded to where the scale is 1, and its code
///   store(codes, bytes, panel)      writes the lanes' codes; those of an output's next inputs are `panel` words on
/// Writes a panel: [panel] f32 scales; then for each group [panel] levels of 8 bits and the codes. Panels are of whole
/// kPackLanes. `x` holds the inputs of whole groups, zeros at the end, and `ideal` a scale for each group. Whatever has
/// feedback has it from `feedback` on.
template <typename Codec, bool kFeeds>
[[gnu::always_inline]] inline void packGroups(const float *rows, int64_t inputs, int64_t panel,
                                              const Feedback *feedback, uint8_t *out, Lanes *x, Lanes *ideal) {
#pragma STDC FP_CONTRACT OFF
  constexpr int64_t group = Codec::kGroup;
  int64_t groups = (inputs + group - 1) / group;
  auto costs = [&](int64_t g) { return kFeeds ? feedback->costs.data() + g * group : nullptr; };
  for (int64_t n = 0; n < panel; n += kPackLanes) {
    transposeRows(rows + n * inputs, inputs, x);
    Lanes largest = {}, scale, inverse;
    for (int64_t g = 0; g < groups; ++g) {
      Lanes magnitude;
      Codec::ideal(x + g * group, costs(g), ideal[g]);
      magnitudes(ideal[g], magnitude);
      largest = magnitude > largest ? magnitude : largest;
    }
    scale = largest / (kFeeds ? 113.0f : 127.0f); // an eighth for what feedback may add to the largest
    std::memcpy(out + n * sizeof(float), &scale, sizeof(scale));
    inverted(scale, inverse);

    for (int64_t g = 0; g < groups; ++g) {
      uint8_t *step = out + panel * sizeof(float) + g * panel * Codec::kStepBytes;
      Lanes *values = x + g * group, left[group], level;
      Integers codes[group];
      GroupFeedback rest = {};
      if constexpr (kFeeds) {
        rest = {feedback->shares.data() + g * group * feedback->block, costs(g), feedback->block,
                g * group % feedback->block};
        Codec::ideal(values, costs(g), ideal[g]); // of what the groups before have made of it
      }
      encodeAtLevel<Codec, kFeeds>(values, ideal[g] * inverse, scale, rest, codes, left, level);
      if constexpr (kFeeds)
        feed<Codec>(left, std::min(group, inputs - g * group), rest, values);
      Integers levels = __builtin_convertvector(level, Integers);
      for (int64_t i = 0; i < kPackLanes; ++i)
        step[n + i] = uint8_t(levels[i]);
      Codec::store(codes, step + panel + 4 * n, panel);
    }
  }
}

/// packGroups for each kind of host, so that a test can compare their bytes.
template <typename Codec, bool kFeeds = false> struct GroupPacker {
  using Function = void (*)(const float *rows, int64_t inputs, int64_t panel, const Feedback *feedback, uint8_t *out,
                            Lanes *x, Lanes *ideal);

  [[gnu::target("avx512f")]] static void avx512(const float *rows, int64_t inputs, int64_t panel,
                                                const Feedback *feedback, uint8_t *out, Lanes *x, Lanes *ideal) {
    packGroups<Codec, kFeeds>(rows, inputs, panel, feedback, out, x, ideal);
  }
  [[gnu::target("avx2,fma")]] static void avx2(const float *rows, int64_t inputs, int64_t panel,
                                               const Feedback *feedback, uint8_t *out, Lanes *x, Lanes *ideal) {
    packGroups<Codec, kFeeds>(rows, inputs, panel, feedback, out, x, ideal);
  }
  static void baseline(const float *rows, int64_t inputs, int64_t panel, const Feedback *feedback, uint8_t *out,
                       Lanes *x, Lanes *ideal) {
    packGroups<Codec, kFeeds>(rows, inputs, panel, feedback, out, x, ideal);
  }

  static void packWith(Function function, const float *rows, int64_t inputs, int64_t panel, const Feedback *feedback,
                       uint8_t *out) {
    int64_t groups = (inputs + Codec::kGroup - 1) / Codec::kGroup;
    std::vector<Lanes> x(groups * Codec::kGroup), ideal(groups);
    function(rows, inputs, panel, feedback, out, x.data(), ideal.data());
  }

  static void packOnThisCpu(const float *rows, int64_t inputs, int64_t panel, const Feedback *feedback, uint8_t *out) {
    static const Function best = __builtin_cpu_supports("avx512f")                                 ? avx512
                                 : __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? avx2
                                                                                                   : baseline;
    packWith(best, rows, inputs, panel, feedback, out);
  }
};

/// Format::pack and Format::packWithFeedback.
template <typename Codec> void packPlain(const float *rows, int64_t inputs, int64_t panel, uint8_t *out) {
  GroupPacker<Codec>::packOnThisCpu(rows, inputs, panel, nullptr, out);
}
template <typename Codec>
void packWithFeedback(const float *rows, int64_t inputs, int64_t panel, const Feedback &feedback, uint8_t *out) {
  GroupPacker<Codec, true>::packOnThisCpu(rows, inputs, panel, &feedback, out);
}

} // namespace rwkvc::weight

#endif // DIALECTS_QUANT_PACKGROUPS_H
