//===- PackHalfGroups.h - Codes in groups under f16 scales -------*- C++ -*-===//
//
// Shared by the formats that hold ggml's blocks. Whatever once was integers of the codes' range under an f16 scale is
// found again, with every bit; other weights are rounded as ggml does.
//
//===----------------------------------------------------------------------===//
#ifndef DIALECTS_QUANT_PACKHALFGROUPS_H
#define DIALECTS_QUANT_PACKHALFGROUPS_H

#include "dialects/Quant/Half.h"
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

namespace rwkvc::weight {

inline constexpr int64_t kHalfGroup = 32;

/// Codes from kLowest to -1 - kLowest.
template <int kLowest> class HalfGroup {
public:
  explicit HalfGroup(const float *x) : x(x) {
    for (int64_t i = 0; i < kHalfGroup; ++i)
      extreme = std::fabs(x[i]) > std::fabs(extreme) ? x[i] : extreme;
    if (extreme == 0)
      return;
    // Of exact codes one belongs to the extreme, and ggml gives it these.
    for (int code : {kLowest, -1 - kLowest, 1 + kLowest, -16, -8})
      if (code >= kLowest && isExact(code))
        return;
    for (int code = kLowest; code < -kLowest; ++code)
      if (code != 0 && isExact(code))
        return;
    encode(toHalf(extreme / kLowest));
  }

  uint16_t scale = 0;
  int8_t codes[kHalfGroup] = {};

private:
  /// Whether all values are exact if the extreme's code is `code`.
  bool isExact(int code) {
    uint16_t half = toHalf(extreme / float(code));
    return fromHalf(half) * float(code) == extreme && encode(half);
  }

  /// The nearest codes; whether they are exact.
  bool encode(uint16_t half) {
    scale = half;
    float unit = fromHalf(half), inverse = unit == 0 ? 0 : 1 / unit;
    bool exact = true;
    for (int64_t i = 0; i < kHalfGroup; ++i) {
      float code = std::clamp(std::nearbyint(x[i] * inverse), float(kLowest), float(-1 - kLowest));
      codes[i] = int8_t(code);
      exact &= code * unit == x[i];
    }
    return exact;
  }

  const float *x;
  float extreme = 0;
};

/// Writes a panel: for each group, [panel] scales and then words of `codeBits` a code, as `word` makes them of the
/// codes from a place on. `rows` is [panel, inputs].
template <int kLowest, int64_t kCodesOfWord>
void packHalfGroups(const float *rows, int64_t inputs, int64_t panel, uint8_t *out,
                    uint32_t (*word)(const int8_t *codes)) {
  constexpr int64_t words = kHalfGroup / kCodesOfWord, stepBytes = sizeof(uint16_t) + words * sizeof(uint32_t);
  for (int64_t n = 0; n < panel; ++n)
    for (int64_t k = 0; k < inputs; k += kHalfGroup) {
      float x[kHalfGroup] = {};
      std::copy_n(rows + n * inputs + k, std::min(kHalfGroup, inputs - k), x);
      HalfGroup<kLowest> group(x);
      uint8_t *step = out + k / kHalfGroup * stepBytes * panel;
      std::memcpy(step + n * sizeof(uint16_t), &group.scale, sizeof(uint16_t));
      for (int64_t i = 0; i < words; ++i) {
        uint32_t bits = word(group.codes + i * kCodesOfWord);
        std::memcpy(step + panel * sizeof(uint16_t) + (i * panel + n) * sizeof(uint32_t), &bits, sizeof(bits));
      }
    }
}

} // namespace rwkvc::weight

#endif // DIALECTS_QUANT_PACKHALFGROUPS_H
