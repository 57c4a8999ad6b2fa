//===- Half.h - IEEE half precision in 16 bits ------------------*- C++ -*-===//
//
// Without branches, so that loops over these vectorise on a compiler's host of any age: there the language's own
// conversions are calls.
//
//===----------------------------------------------------------------------===//
#ifndef DIALECTS_QUANT_HALF_H
#define DIALECTS_QUANT_HALF_H

#include "llvm/ADT/bit.h"
#include <cstdint>

namespace rwkvc {

/// Exact. Infinities and NaNs stay what they are.
inline float fromHalf(uint16_t bits) {
  uint32_t sign = uint32_t(bits & 0x8000) << 16, rest = uint32_t(bits & 0x7fff) << 13;
  // Read as an f32, `rest` is too small by 2^112, the difference of the exponents' biases; the
  // product is exact and makes subnormals normal. Infinities and NaNs keep their payload instead.
  uint32_t scaled = llvm::bit_cast<uint32_t>(llvm::bit_cast<float>(rest) * 0x1p112f);
  uint32_t magnitude = rest >= 0x0f800000 ? (rest | 0x7f800000) : scaled;
  return llvm::bit_cast<float>(sign | magnitude);
}

/// To nearest even.
inline uint16_t toHalf(float x) {
  uint32_t bits = llvm::bit_cast<uint32_t>(x), magnitude = bits & 0x7fffffff;
  // Below 2^-14 the results are multiples of 2^-24, which is where a sum with 0.5 is rounded.
  uint32_t subnormal = llvm::bit_cast<uint32_t>(llvm::bit_cast<float>(magnitude) + 0.5f) - 0x3f000000;
  uint32_t normal = (magnitude - (112u << 23) + 0xfff + ((magnitude >> 13) & 1)) >> 13;
  uint32_t rounded = magnitude < 0x38800000 ? subnormal : normal;
  rounded = magnitude >= 0x477ff000 ? 0x7c00 : rounded; // halfway from the largest to 65536
  rounded = magnitude > 0x7f800000 ? 0x7e00 : rounded;
  return (bits >> 16 & 0x8000) | rounded;
}

} // namespace rwkvc

#endif // DIALECTS_QUANT_HALF_H
