//===- Q8.h - Codes of 8 bits -----------------------------------*- C++ -*-===//
#ifndef DIALECTS_QUANT_Q8_H
#define DIALECTS_QUANT_Q8_H

#include "dialects/Quant/PackGroups.h"

namespace rwkvc::weight {

/// For packGroups.
struct Q8Codec {
  static constexpr int64_t kGroup = 32, kStepBytes = 1 + kGroup;
  // A larger step of the codes rounds some group better than the ideal one: 6 % less error for all of these.
  static constexpr float kMoves[] = {0, -2, -1, 1, 2, 3, 4};

  [[gnu::always_inline]] static void ideal(const Lanes *x, const float *, Lanes &scale) {
    Lanes extreme = x[0], largest;
    magnitudes(extreme, largest);
    for (int64_t i = 1; i < kGroup; ++i) {
      Lanes magnitude;
      magnitudes(x[i], magnitude);
      extreme = magnitude > largest ? x[i] : extreme;
      largest = magnitude > largest ? magnitude : largest;
    }
    scale = extreme / -128;
  }

  [[gnu::always_inline]] static void nearest(const Lanes &y, Lanes &value, Integers &code) {
    rounded(y < -128 ? Lanes{} - 128 : y > 127 ? Lanes{} + 127 : y, value);
    code = __builtin_convertvector(value, Integers) + 128;
  }

  static constexpr int64_t kInputBytes = 128;
  [[gnu::always_inline]] static void storeInput(const Integers *codes, int64_t lane, int64_t output, uint8_t *bytes) {
    for (int64_t i = 0; i < kGroup; ++i)
      bytes[output + i] = uint8_t(codes[i][lane] - 128);
  }

  [[gnu::always_inline]] static void store(const Integers *codes, uint8_t *bytes, int64_t panel) {
    for (int64_t i = 0; i < kGroup; i += 4) {
      Integers words = codes[i] | codes[i + 1] << 8 | codes[i + 2] << 16 | codes[i + 3] << 24;
      std::memcpy(bytes + i * panel, &words, sizeof(words));
    }
  }
};

} // namespace rwkvc::weight

#endif // DIALECTS_QUANT_Q8_H
