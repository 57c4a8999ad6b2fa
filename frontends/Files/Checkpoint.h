//===- Checkpoint.h - What every checkpoint format becomes ------*- C++ -*-===//
//
// Tensors by the names in the file, as views into one mapping. Knows nothing of RWKV: what the
// names mean is frontends/Models' business.
//
//===----------------------------------------------------------------------===//
#ifndef FRONTENDS_FILES_CHECKPOINT_H
#define FRONTENDS_FILES_CHECKPOINT_H

#include "dialects/Quant/TensorView.h"
#include "frontends/Files/MappedFile.h"
#include "llvm/Support/Error.h"
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace rwkvc {

/// A gguf array as the file has it: the type's number, and elements that were checked to be there.
struct MetadataArray {
  uint32_t type;
  uint64_t count;
  llvm::ArrayRef<std::byte> elements;
};

struct Checkpoint {
  std::string container; // "safetensors", "pth", "rwkv.cpp" or "gguf"; of shards, what the first is

  /// Scalars that the file states about itself, as text. A gguf array is only its length,
  /// "key.count". For rwkv.cpp "version" (100 or 101), "vocabulary", "channels" and "layers".
  std::map<std::string, std::string, std::less<>> metadata;

  /// gguf's arrays, by key.
  std::map<std::string, MetadataArray, std::less<>> arrays;

  /// Shapes are row-major in every container (ggml's reversed dimensions are turned round). Sizes are
  /// at least 1, and every element lies inside of the mapping.
  TensorTable tensors;

  /// What the tensors point into, or the index of the files that they do: keep them as long as tensors are used.
  std::shared_ptr<MappedFile> file;
  std::vector<std::shared_ptr<MappedFile>> shards;

  /// Of all files.
  uint64_t fileBytes() const;

  /// MappedFile::release, in whichever file the range is.
  void release(llvm::ArrayRef<std::byte> range) const;
};

/// Recognises the format by content and lists the file's tensors; reads no tensor data. `path` may also be the index of
/// a sharded checkpoint, or a folder as Hugging Face's libraries save it. Errors are one sentence that names the file.
llvm::Expected<Checkpoint> openCheckpoint(llvm::StringRef path);

} // namespace rwkvc

#endif // FRONTENDS_FILES_CHECKPOINT_H
