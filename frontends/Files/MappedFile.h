//===- MappedFile.h - A read-only mapping of a checkpoint -------*- C++ -*-===//
//
// Bytes of a regular file, paged in as they are read and handed back by release(), so that
// streaming gigabytes needs memory for a few tensors only.
//
//===----------------------------------------------------------------------===//
#ifndef FRONTENDS_FILES_MAPPEDFILE_H
#define FRONTENDS_FILES_MAPPEDFILE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace rwkvc {

class MappedFile {
public:
  /// Maps the whole file; refuses what is not a regular file, and empty files.
  static llvm::Expected<std::shared_ptr<MappedFile>> open(llvm::StringRef path);

  MappedFile(const MappedFile &) = delete;
  MappedFile &operator=(const MappedFile &) = delete;
  ~MappedFile();

  llvm::StringRef path() const { return filePath; }
  llvm::ArrayRef<std::byte> bytes() const { return {base, length}; }

  /// The pages under `range` were read and are not needed soon: resident memory shrinks, the bytes
  /// stay readable. `range` may be any range; what lies outside of the mapping is ignored.
  void release(llvm::ArrayRef<std::byte> range) const;

private:
  MappedFile(std::string path, const std::byte *base, size_t length)
      : filePath(std::move(path)), base(base), length(length) {}

  std::string filePath;
  const std::byte *base;
  size_t length;
};

} // namespace rwkvc

#endif // FRONTENDS_FILES_MAPPEDFILE_H
