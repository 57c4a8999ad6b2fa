//===- Groups.h - Formats whose steps are groups of codes --------*- C++ -*-===//
//
// A group begins with its outputs' scales: levels of 8 bits of the f32 scales in the panel's head or, if there is no
// head, f16 or f32 by themselves. Their codes follow.
//
//===----------------------------------------------------------------------===//
#ifndef DIALECTS_QUANT_GROUPS_H
#define DIALECTS_QUANT_GROUPS_H

#include "dialects/Quant/Format.h"

namespace rwkvc::weight {

/// Those under f16 scales, which hold ggml's blocks with every bit.
extern const Format q8_0Format, q4_0Format;

/// Bytes of an output's scale in a group of codes.
inline int64_t groupScaleBytes(const Format &format) {
  return format.stepBytes - format.inputStep * format.codeBits / 8;
}

/// Whether groups can be joined, for many rows, into larger ones of codes of 8 bits.
inline bool canJoinGroups(const Format &format) { return format.codeBits == 4 && groupScaleBytes(format) == 1; }

} // namespace rwkvc::weight

#endif // DIALECTS_QUANT_GROUPS_H
