//===- Q4.h - Codes of 4 bits -----------------------------------*- C++ -*-===//
#ifndef DIALECTS_QUANT_Q4_H
#define DIALECTS_QUANT_Q4_H

#include "dialects/Quant/PackGroups.h"

namespace rwkvc::weight {

/// Least mean square error on groups of 16 normally distributed weights, each under its best scale (Lloyd's
/// algorithm), rounded to integers.
inline constexpr int8_t kQ4Values[16] = {-127, -106, -81, -64, -49, -35, -21, -9, 3, 14, 26, 38, 52, 67, 86, 110};

/// For packGroups.
struct Q4Codec {
  static constexpr int64_t kGroup = 16, kStepBytes = 1 + kGroup / 2;
  static constexpr float kMoves[] = {0, -1, 1};

  /// No search: every lane takes the same steps.
  [[gnu::always_inline]] static void nearest(const Lanes &y, Lanes &value) {
    value = Lanes{} + float(kQ4Values[0]);
    for (int64_t v = 1; v < 16; ++v)
      value = y > float(kQ4Values[v - 1] + kQ4Values[v]) / 2 ? Lanes{} + float(kQ4Values[v]) : value;
  }

  [[gnu::always_inline]] static void nearest(const Lanes &y, Lanes &value, Integers &code) {
    nearest(y, value);
    code = Integers{};
    for (int64_t v = 1; v < 16; ++v)
      code -= y > float(kQ4Values[v - 1] + kQ4Values[v]) / 2; // true is -1
  }

  [[gnu::always_inline]] static void ideal(const Lanes *x, const float *costs, Lanes &scale) {
#pragma STDC FP_CONTRACT OFF
    Lanes extreme = {}, inverse, best = {};
    for (int64_t i = 0; i < kGroup; ++i) {
      Lanes magnitude;
      magnitudes(x[i], magnitude);
      extreme = magnitude > extreme ? magnitude : extreme;
    }
    inverted(extreme, inverse);
    scale = best;
    // Values are not symmetric, so both signs are tried. The extreme need not be met: what is gained in the middle
    // may be worth more. For values q, the best scale is sum(qx) / sum(qq), and takes sum(qx)^2 / sum(qq) off the
    // error.
    for (int step = 0; step < 12; ++step) {
      float factor = (step % 2 ? 127 : -127) / (0.82f + 0.07f * float(step / 2));
      Lanes products = {}, squares = {};
      for (int64_t i = 0; i < kGroup; ++i) {
        Lanes value, unit = x[i] * inverse;
        nearest(unit * factor, value);
        Lanes weighed = costs ? value * costs[i] : value;
        products += weighed * unit;
        squares += weighed * value;
      }
      Lanes fitted = products / squares, gain = products * fitted;
      scale = gain > best ? fitted : scale;
      best = gain > best ? gain : best;
    }
    scale *= extreme;
  }

  /// A 32-bit lane has the codes of eight outputs that are kGroup apart.
  static constexpr int64_t kInputBytes = 64;
  [[gnu::always_inline]] static void storeInput(const Integers *codes, int64_t lane, int64_t output, uint8_t *bytes) {
    for (int64_t i = 0; i < kGroup; ++i)
      bytes[4 * i + output / 32] |= codes[i][lane] << (output / 16 % 2 * 4);
  }

  [[gnu::always_inline]] static void store(const Integers *codes, uint8_t *bytes, int64_t panel) {
    for (int64_t i = 0; i < kGroup; i += 8) {
      Integers words = {};
      for (int64_t j = 0; j < 4; ++j)
        words |= (codes[i + j] | codes[i + 4 + j] << 4) << 8 * j;
      std::memcpy(bytes + i / 8 * panel * 4, &words, sizeof(words));
    }
  }
};

} // namespace rwkvc::weight

#endif // DIALECTS_QUANT_Q4_H
