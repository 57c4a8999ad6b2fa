//===- PackInputMajor.h - Codes in groups of outputs -------------*- C++ -*-===//
//
// Shared by the quantised formats. A group holds neighbouring outputs of one input, and its scale is an 8-bit level
// times the scale of each output, which takes out what outputs differ by: their root mean squares.
//
//===----------------------------------------------------------------------===//
#ifndef DIALECTS_QUANT_PACKINPUTMAJOR_H
#define DIALECTS_QUANT_PACKINPUTMAJOR_H

#include "dialects/Quant/Format.h"
#include "dialects/Quant/PackGroups.h"
#include <cmath>

namespace rwkvc::weight {

/// Where a group of kPackLanes inputs lies. A `Codec` is one of packGroups, whose groups go over outputs here, and has
///   kInputBytes                               bytes of an input's codes for kInputBlock outputs
///   storeInput(codes, lane, output, bytes)    one lane's codes of the group that begins at `output`, in these bytes,
///                                             which are zeros before
struct InputMajorOut {
  float *scales;
  uint8_t *codes;
  int8_t *levels;
  int64_t codeBytes;
};

/// A root mean square that is added up in the order of the inputs.
inline float rootMeanSquare(const float *row, int64_t inputs) {
#pragma STDC FP_CONTRACT OFF
  double sum = 0;
  for (int64_t k = 0; k < inputs; ++k)
    sum += double(row[k]) * row[k];
  return float(std::sqrt(sum / double(inputs)));
}

/// Packs kInputBlock outputs, whose scales are their root mean squares at first. `ideal` takes a scale for each group
/// of kPackLanes inputs.
template <typename Codec>
[[gnu::always_inline]] inline void packInputGroups(const float *rows, int64_t inputs, const InputMajorOut &out,
                                                   Lanes *ideal) {
#pragma STDC FP_CONTRACT OFF
  constexpr int64_t group = Codec::kGroup, groups = kInputBlock / group;
  int64_t chunks = (inputs + kPackLanes - 1) / kPackLanes;
  float inverse[kInputBlock];
  for (int64_t n = 0; n < kInputBlock; ++n)
    inverse[n] = out.scales[n] >= FLT_MIN ? 1 / out.scales[n] : 0;
  // Outputs first .. first + group of kPackLanes inputs, each over its output's scale.
  auto load = [&](int64_t chunk, int64_t first, Lanes *x) {
    int64_t k = chunk * kPackLanes, count = inputs - k < kPackLanes ? inputs - k : kPackLanes;
    for (int64_t i = 0; i < group; ++i) {
      const float *row = rows + (first + i) * inputs + k;
      if (count == kPackLanes)
        std::memcpy(&x[i], row, sizeof(Lanes));
      else
        for (int64_t lane = 0; lane < kPackLanes; ++lane)
          x[i][lane] = lane < count ? row[lane] : 0;
      x[i] *= inverse[first + i];
    }
  };

  Lanes x[group], largest = {};
  for (int64_t chunk = 0; chunk < chunks; ++chunk)
    for (int64_t g = 0; g < groups; ++g) {
      Lanes &scale = ideal[chunk * groups + g], magnitude;
      load(chunk, g * group, x);
      Codec::ideal(x, nullptr, scale);
      magnitudes(scale, magnitude);
      largest = magnitude > largest ? magnitude : largest;
    }
  float unit = 0;
  for (int64_t i = 0; i < kPackLanes; ++i)
    unit = largest[i] > unit ? largest[i] : unit;
  unit /= 127;
  for (int64_t n = 0; n < kInputBlock; ++n)
    out.scales[n] *= unit;

  Lanes toLevel, units = Lanes{} + unit;
  inverted(units, toLevel);
  for (int64_t chunk = 0; chunk < chunks; ++chunk)
    for (int64_t g = 0; g < groups; ++g) {
      Integers codes[group];
      Lanes level;
      load(chunk, g * group, x);
      encodeAtLevel<Codec, false>(x, ideal[chunk * groups + g] * toLevel, units, {}, codes, nullptr, level);
      Integers levels = __builtin_convertvector(level, Integers);
      for (int64_t lane = 0; lane < kPackLanes && chunk * kPackLanes + lane < inputs; ++lane) {
        int64_t k = chunk * kPackLanes + lane;
        out.levels[k * groups + g] = int8_t(levels[lane]);
        Codec::storeInput(codes, lane, g * group, out.codes + k * out.codeBytes);
      }
    }
}

/// packInputGroups for each kind of host.
template <typename Codec> struct InputMajorPacker {
  [[gnu::target("avx512f")]] static void avx512(const float *rows, int64_t inputs, const InputMajorOut &out,
                                                Lanes *ideal) {
    packInputGroups<Codec>(rows, inputs, out, ideal);
  }
  [[gnu::target("avx2,fma")]] static void avx2(const float *rows, int64_t inputs, const InputMajorOut &out,
                                               Lanes *ideal) {
    packInputGroups<Codec>(rows, inputs, out, ideal);
  }
  static void baseline(const float *rows, int64_t inputs, const InputMajorOut &out, Lanes *ideal) {
    packInputGroups<Codec>(rows, inputs, out, ideal);
  }

  /// InputMajor::pack.
  static void pack(const float *rows, int64_t inputs, float *scales, uint8_t *codes, int8_t *levels) {
    for (int64_t n = 0; n < kInputBlock; ++n)
      scales[n] = rootMeanSquare(rows + n * inputs, inputs);
    std::vector<Lanes> ideal((inputs + kPackLanes - 1) / kPackLanes * (kInputBlock / Codec::kGroup));
    InputMajorOut out{scales, codes, levels, Codec::kInputBytes};
    if (__builtin_cpu_supports("avx512f"))
      avx512(rows, inputs, out, ideal.data());
    else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
      avx2(rows, inputs, out, ideal.data());
    else
      baseline(rows, inputs, out, ideal.data());
  }
};

} // namespace rwkvc::weight

#endif // DIALECTS_QUANT_PACKINPUTMAJOR_H
