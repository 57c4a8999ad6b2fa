//===- PackUnits.h - The transposition inside of packing ---------*- C++ -*-===//
//
// Shared by formats whose unit, one output's inputs of a step, is a machine word. Gigabytes
// pass through here.
//
//===----------------------------------------------------------------------===//
#ifndef DIALECTS_QUANT_PACKUNITS_H
#define DIALECTS_QUANT_PACKUNITS_H

#include <algorithm>
#include <cstdint>

namespace rwkvc::weight {

/// Writes rows [panel, inputs] as units [steps, panel]. `unit` makes one of `Step` inputs, which are padded
/// with zeros at the end of a row that Step does not divide.
///
/// A row is read a cache line or two at a time: `inputs` is often a power of two, and then a column's elements
/// all compete for the same few lines of the cache.
template <typename Unit, int64_t Step, typename MakeUnit>
void packUnits(const float *rows, int64_t inputs, int64_t panel, Unit *out, MakeUnit unit) {
  constexpr int64_t block = 16;
  Unit units[block];
  int64_t steps = inputs / Step, first = 0;
  for (; first + block <= steps; first += block)
    for (int64_t n = 0; n < panel; ++n) {
      const float *in = rows + n * inputs + first * Step;
      for (int64_t i = 0; i < block; ++i)
        units[i] = unit(in + i * Step);
      for (int64_t i = 0; i < block; ++i)
        out[(first + i) * panel + n] = units[i];
    }
  for (; first < steps; ++first)
    for (int64_t n = 0; n < panel; ++n)
      out[first * panel + n] = unit(rows + n * inputs + first * Step);

  if (int64_t left = inputs - steps * Step)
    for (int64_t n = 0; n < panel; ++n) {
      float padded[Step] = {};
      std::copy_n(rows + n * inputs + steps * Step, left, padded);
      out[steps * panel + n] = unit(padded);
    }
}

} // namespace rwkvc::weight

#endif // DIALECTS_QUANT_PACKUNITS_H
