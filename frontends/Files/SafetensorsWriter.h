//===- SafetensorsWriter.h - Writes .safetensors in a stream ----*- C++ -*-===//
//
// Names and shapes first, then the data in the same order: memory is bounded by the caller's
// pieces. The file appears under its name only when it is complete.
//
//===----------------------------------------------------------------------===//
#ifndef FRONTENDS_FILES_SAFETENSORSWRITER_H
#define FRONTENDS_FILES_SAFETENSORSWRITER_H

#include "dialects/Quant/TensorView.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace rwkvc {

struct TensorDescription {
  std::string name;
  DType dtype;
  llvm::SmallVector<int64_t, 4> shape;
};

class SafetensorsWriter {
public:
  static llvm::Expected<SafetensorsWriter> create(llvm::StringRef path, llvm::ArrayRef<TensorDescription> tensors,
                                                  const std::map<std::string, std::string> &metadata);
  SafetensorsWriter(SafetensorsWriter &&) = default;
  SafetensorsWriter &operator=(SafetensorsWriter &&) = delete;
  /// Without finish() nothing is left behind.
  ~SafetensorsWriter();

  /// The next bytes of the data: tensors densely after each other, little-endian.
  llvm::Error write(llvm::ArrayRef<std::byte> bytes);

  /// Gives the file its name. Every byte that the descriptions promise must have been written.
  llvm::Error finish();

private:
  SafetensorsWriter(std::string path, llvm::sys::fs::TempFile file, uint64_t missing);
  llvm::Error failed(const llvm::Twine &reason) const;
  llvm::Error checkStream();

  std::string path;
  std::unique_ptr<llvm::sys::fs::TempFile> file;
  std::unique_ptr<llvm::raw_fd_ostream> stream;
  uint64_t missing; // bytes still to come
};

} // namespace rwkvc

#endif // FRONTENDS_FILES_SAFETENSORSWRITER_H
