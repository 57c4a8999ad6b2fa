//===- StoredTypes.h - How containers store numbers -------------*- C++ -*-===//
//
// The element types that writers write. Q8_0, Q4_0 and Q6_K are ggml's: blocks of neighbouring
// elements that share a scale.
//
//===----------------------------------------------------------------------===//
#ifndef FRONTENDS_FILES_STOREDTYPES_H
#define FRONTENDS_FILES_STOREDTYPES_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <cstddef>
#include <cstdint>

namespace rwkvc {

enum class StoredType { F32, F16, BF16, Q8_0, Q4_0, Q6_K };

/// "f16", "q8_0".
llvm::StringRef name(StoredType type);

/// Elements that are stored together, 1 but for the quantised types, and their bytes.
int64_t blockElements(StoredType type);
int64_t blockBytes(StoredType type);

/// Bytes of `elements`, which must be whole blocks.
int64_t storedBytes(StoredType type, int64_t elements);

/// Rounds finite values to nearest even, or to the nearest level of their block. `out` has storedBytes bytes.
void encode(StoredType type, llvm::ArrayRef<float> values, std::byte *out);

} // namespace rwkvc

#endif // FRONTENDS_FILES_STOREDTYPES_H
