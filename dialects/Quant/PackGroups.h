//===- PackGroups.h - Codes in groups under scales ---------------*- C++ -*-===//
//
// Shared by the quantised formats. A group's scale is an 8-bit level times the scale of its output: that costs a
// quarter bit less than a half-precision scale of each group, and the search below undoes what the level rounds.
//
//===----------------------------------------------------------------------===//
#ifndef DIALECTS_QUANT_PACKGROUPS_H
#define DIALECTS_QUANT_PACKGROUPS_H

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

/// The codes of a group, and the level, a whole number up to 127 of either sign, at which they err least under the
/// scale level * unit. `ideal` is the best level if it need not be whole.
template <typename Codec>
[[gnu::always_inline]] inline void encodeAtLevel(const Lanes *x, const Lanes &ideal, const Lanes &unit, Integers *best,
                                                 Lanes &level) {
#pragma STDC FP_CONTRACT OFF
  Integers codes[Codec::kGroup];
  Lanes nearest, least = {};
  rounded(ideal, nearest);
  level = Lanes{};
  for (float move : Codec::kMoves) {
    Lanes tried = nearest + move, error;
    tried = tried > 127 ? level : tried < -127 ? level : tried;
    Codec::encode(x, tried * unit, codes, error);
    Integers better = move == 0 ? Integers{} - 1 : error < least; // true is -1
    least = better ? error : least;
    level = better ? tried : level;
    for (int64_t i = 0; i < Codec::kGroup; ++i)
      best[i] = better ? codes[i] : best[i];
  }
}

/// A `Codec` has, for a group `x` of kGroup inputs of each lane:
///   kGroup, kStepBytes                inputs of a group, and bytes that an output takes in it
///   kMoves                            what is tried beside the nearest level, which is first
///   ideal(x, scale)                   sets the scale, of either sign, that suits the group best
///   encode(x, scale, codes, error)    the codes at this scale, and the sum of squared errors; any codes at 0
///   store(codes, bytes, panel)        writes the lanes' codes; those of an output's next inputs are `panel` words on
/// Writes a panel: [panel] f32 scales; then for each group [panel] levels of 8 bits and the codes. Panels are of whole
/// kPackLanes. `x` holds the inputs of whole groups, zeros at the end, and `ideal` a scale for each group.
template <typename Codec>
[[gnu::always_inline]] inline void packGroups(const float *rows, int64_t inputs, int64_t panel, uint8_t *out, Lanes *x,
                                              Lanes *ideal) {
#pragma STDC FP_CONTRACT OFF
  constexpr int64_t group = Codec::kGroup;
  int64_t groups = (inputs + group - 1) / group;
  for (int64_t n = 0; n < panel; n += kPackLanes) {
    transposeRows(rows + n * inputs, inputs, x);
    Lanes largest = {}, scale, inverse;
    for (int64_t g = 0; g < groups; ++g) {
      Lanes magnitude;
      Codec::ideal(x + g * group, ideal[g]);
      magnitudes(ideal[g], magnitude);
      largest = magnitude > largest ? magnitude : largest;
    }
    scale = largest / 127;
    std::memcpy(out + n * sizeof(float), &scale, sizeof(scale));
    inverted(scale, inverse);

    for (int64_t g = 0; g < groups; ++g) {
      uint8_t *step = out + panel * sizeof(float) + g * panel * Codec::kStepBytes;
      Integers codes[group];
      Lanes level;
      encodeAtLevel<Codec>(x + g * group, ideal[g] * inverse, scale, codes, level);
      Integers levels = __builtin_convertvector(level, Integers);
      for (int64_t i = 0; i < kPackLanes; ++i)
        step[n + i] = uint8_t(levels[i]);
      Codec::store(codes, step + panel + 4 * n, panel);
    }
  }
}

/// packGroups for each kind of host, so that a test can compare their bytes.
template <typename Codec> struct GroupPacker {
  using Function = void (*)(const float *rows, int64_t inputs, int64_t panel, uint8_t *out, Lanes *x, Lanes *ideal);

  [[gnu::target("avx512f")]] static void avx512(const float *rows, int64_t inputs, int64_t panel, uint8_t *out,
                                                Lanes *x, Lanes *ideal) {
    packGroups<Codec>(rows, inputs, panel, out, x, ideal);
  }
  [[gnu::target("avx2,fma")]] static void avx2(const float *rows, int64_t inputs, int64_t panel, uint8_t *out, Lanes *x,
                                               Lanes *ideal) {
    packGroups<Codec>(rows, inputs, panel, out, x, ideal);
  }
  static void baseline(const float *rows, int64_t inputs, int64_t panel, uint8_t *out, Lanes *x, Lanes *ideal) {
    packGroups<Codec>(rows, inputs, panel, out, x, ideal);
  }

  static void packWith(Function function, const float *rows, int64_t inputs, int64_t panel, uint8_t *out) {
    int64_t groups = (inputs + Codec::kGroup - 1) / Codec::kGroup;
    std::vector<Lanes> x(groups * Codec::kGroup), ideal(groups);
    function(rows, inputs, panel, out, x.data(), ideal.data());
  }

  /// Format::pack.
  static void pack(const float *rows, int64_t inputs, int64_t panel, uint8_t *out) {
    static const Function best = __builtin_cpu_supports("avx512f")                                 ? avx512
                                 : __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? avx2
                                                                                                   : baseline;
    packWith(best, rows, inputs, panel, out);
  }
};

} // namespace rwkvc::weight

#endif // DIALECTS_QUANT_PACKGROUPS_H
