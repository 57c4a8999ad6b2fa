//===- Encode.h - How writers store numbers ---------------------*- C++ -*-===//
#ifndef FRONTENDS_FILES_ENCODE_H
#define FRONTENDS_FILES_ENCODE_H

#include "dialects/Quant/DType.h"
#include "llvm/ADT/ArrayRef.h"

namespace rwkvc {

/// Rounds finite values to nearest even, or to the nearest level of their block. `out` has storedBytes bytes. Types
/// that are written: F32, F16, BF16, Q8_0, Q4_0, Q6_K.
void encode(DType type, llvm::ArrayRef<float> values, std::byte *out);

} // namespace rwkvc

#endif // FRONTENDS_FILES_ENCODE_H
