//===- DType.h - How files store the elements of a tensor -------*- C++ -*-===//
//
// Floats, and ggml's blocks: neighbouring elements of a row, as integers under scales of the block.
//
//===----------------------------------------------------------------------===//
#ifndef DIALECTS_QUANT_DTYPE_H
#define DIALECTS_QUANT_DTYPE_H

#include "llvm/ADT/StringRef.h"
#include <cstddef>
#include <cstdint>

namespace rwkvc {

enum class DType { F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K };

/// "f32", "bf16", "q5_0".
llvm::StringRef name(DType type);

/// Elements that are stored together, and their bytes. 1 for floats.
int64_t blockElements(DType type);
int64_t blockBytes(DType type);
inline constexpr int64_t kMostBlockElements = 256;

inline bool isQuantised(DType type) { return blockElements(type) > 1; }

/// Bytes of `elements`, which are whole blocks.
int64_t storedBytes(DType type, int64_t elements);

/// The values of one block of a quantised type, each the exact one rounded to f32. `block` may lie anywhere.
void widenBlock(DType type, const std::byte *block, float *out);

} // namespace rwkvc

#endif // DIALECTS_QUANT_DTYPE_H
