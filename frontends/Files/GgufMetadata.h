//===- GgufMetadata.h - GGUF's key-value pairs ------------------*- C++ -*-===//
//
// Scalars are kept as text, arrays as they are in the file, and their length under "key.count".
//
//===----------------------------------------------------------------------===//
#ifndef FRONTENDS_FILES_GGUFMETADATA_H
#define FRONTENDS_FILES_GGUFMETADATA_H

#include "frontends/Files/ByteReader.h"
#include "frontends/Files/Checkpoint.h"
#include <optional>

namespace rwkvc {

/// A length of eight bytes and that many bytes.
std::optional<llvm::StringRef> readGgufString(ByteReader &in);

/// Reads `pairs` pairs into checkpoint.metadata.
llvm::Error readGgufMetadata(Checkpoint &checkpoint, ByteReader &in, uint64_t pairs);

} // namespace rwkvc

#endif // FRONTENDS_FILES_GGUFMETADATA_H
