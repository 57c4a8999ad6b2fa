//===- CheckpointWriter.h - Writes checkpoints in a stream ------*- C++ -*-===//
//
// What a container puts around its tensors is known beforehand, as a layout; then come the values,
// piece by piece. The file appears under its name only when it is complete.
//
//===----------------------------------------------------------------------===//
#ifndef FRONTENDS_FILES_CHECKPOINTWRITER_H
#define FRONTENDS_FILES_CHECKPOINTWRITER_H

#include "frontends/Files/Encode.h"
#include "runtime/host/NewFile.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"
#include <memory>
#include <string>
#include <vector>

namespace rwkvc {

struct StoredTensor {
  std::string name;
  DType type;
  llvm::SmallVector<int64_t, 4> shape; // slowest first; its last size is whole blocks

  int64_t elements() const;
  int64_t bytes() const { return storedBytes(type, elements()); }
};

/// The bytes of a file that are not tensors.
struct CheckpointLayout {
  std::string header;
  std::vector<std::string> before; // each tensor
  std::string after;               // the last one
};

class CheckpointWriter {
public:
  static llvm::Expected<CheckpointWriter> create(llvm::StringRef path, std::vector<StoredTensor> tensors,
                                                 CheckpointLayout layout);
  CheckpointWriter(CheckpointWriter &&) = default;
  CheckpointWriter &operator=(CheckpointWriter &&) = delete;
  /// Without finish() nothing is left behind.
  ~CheckpointWriter();

  /// The next values of a tensor, whole blocks and none of the tensor after it.
  llvm::Error write(llvm::ArrayRef<float> values);

  /// Gives the file its name. Every tensor must have been written.
  llvm::Error finish();

private:
  CheckpointWriter(std::string path, std::vector<StoredTensor> tensors, CheckpointLayout layout,
                   NewFile file);
  llvm::Error failed(const llvm::Twine &reason) const;
  llvm::Error checkStream();

  std::string path;
  std::vector<StoredTensor> tensors;
  CheckpointLayout layout;
  NewFile file;
  std::unique_ptr<llvm::raw_fd_ostream> stream; // into it; null after finish()
  size_t tensor = 0;   // is being written
  int64_t written = 0; // of its elements
  std::vector<std::byte> buffer;
};

} // namespace rwkvc

#endif // FRONTENDS_FILES_CHECKPOINTWRITER_H
