//===- Q4.h - The values of the 4-bit format ---------------------*- C++ -*-===//
#ifndef DIALECTS_QUANT_Q4_H
#define DIALECTS_QUANT_Q4_H

#include <cstdint>

namespace rwkvc::weight {

/// Least mean square error on groups of 16 normally distributed weights, each under its best scale (Lloyd's
/// algorithm), rounded to integers.
inline constexpr int8_t kQ4Values[16] = {-127, -106, -81, -64, -49, -35, -21, -9, 3, 14, 26, 38, 52, 67, 86, 110};

} // namespace rwkvc::weight

#endif // DIALECTS_QUANT_Q4_H
