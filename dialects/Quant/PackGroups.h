//===- PackGroups.h - Codes in groups under scales ---------------*- C++ -*-===//
//
// Shared by the quantised formats. A group's scale is an 8-bit level times the scale of its output: that costs a quarter
// bit less than a half-precision scale of each group, and the search below undoes what the level rounds.
//
//===----------------------------------------------------------------------===//
#ifndef DIALECTS_QUANT_PACKGROUPS_H
#define DIALECTS_QUANT_PACKGROUPS_H

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

namespace rwkvc::weight {

/// Lanes that loops over a group are written in. Sums of lanes are added in one order, so that every host packs the
/// same bytes.
inline constexpr int64_t kPackLanes = 16;

[[gnu::always_inline]] inline float sumLanes(const float *lanes) {
  float sums[kPackLanes];
  std::copy_n(lanes, kPackLanes, sums);
  for (int64_t width = kPackLanes / 2; width; width /= 2)
    for (int64_t i = 0; i < width; ++i)
      sums[i] += sums[i + width];
  return sums[0];
}

/// A `Codec` has:
///   kGroup                               inputs of a group, a multiple of kPackLanes
///   ideal(x) -> float                    the scale, of either sign, that suits the group `x` best
///   encode(x, scale, codes) -> float     the codes at this scale, and the sum of squared errors; any codes at 0
///   store(codes, step, panel, output)    writes one output's codes behind the panel's levels
/// Writes a panel: [panel] f32 scales; then for each group [panel] levels of 8 bits and the codes. `padded` holds the
/// inputs of whole groups, zeros at the end, and `ideal` a number for each group.
template <typename Codec>
[[gnu::always_inline]] inline void packGroups(const float *rows, int64_t inputs, int64_t panel, int64_t stepBytes,
                                              uint8_t *out, float *padded, float *ideal) {
  constexpr int64_t group = Codec::kGroup;
  int64_t groups = (inputs + group - 1) / group;
  for (int64_t n = 0; n < panel; ++n) {
    std::memcpy(padded, rows + n * inputs, inputs * sizeof(float));
    float largest = 0;
    for (int64_t g = 0; g < groups; ++g) {
      ideal[g] = Codec::ideal(padded + g * group);
      largest = std::max(largest, std::fabs(ideal[g]));
    }
    float scale = largest / 127;
    std::memcpy(out + n * sizeof(float), &scale, sizeof(float));

    for (int64_t g = 0; g < groups; ++g) {
      const float *x = padded + g * group;
      uint8_t *step = out + panel * sizeof(float) + g * panel * stepBytes;
      int nearest = scale > 0 ? int(std::lround(ideal[g] / scale)) : 0;
      uint8_t codes[group], best[group] = {};
      int level = 0;
      float least = INFINITY;
      for (int tried = std::max(nearest - 1, -127); tried <= std::min(nearest + 1, 127); ++tried)
        if (float error = Codec::encode(x, float(tried) * scale, codes); error < least) {
          least = error;
          level = tried;
          std::copy_n(codes, group, best);
        }
      step[n] = uint8_t(level);
      Codec::store(best, step + panel, panel, n);
    }
  }
}

/// A copy of a row's length in whole groups, for packGroups: the compiler makes no library calls in code that it
/// clones for several targets, so that memory comes from outside of it.
struct GroupScratch {
  GroupScratch(int64_t inputs, int64_t group)
      : padded((inputs + group - 1) / group * group), ideal(padded.size() / group) {}

  std::vector<float> padded, ideal;
};

} // namespace rwkvc::weight

#endif // DIALECTS_QUANT_PACKGROUPS_H
