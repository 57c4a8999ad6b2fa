//===- OutputFile.h - A file that appears whole or not at all ----*- C++ -*-===//
#ifndef COMPILER_PIPELINE_OUTPUTFILE_H
#define COMPILER_PIPELINE_OUTPUTFILE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace rwkvc {

/// Bytes go to a file without a name in the folder of `path`; commit() gives it one. Until then what was at `path`
/// stays, and a process that is killed leaves nothing behind.
class OutputFile {
public:
  /// Refuses a path that cannot be written, and one that is not a regular file.
  static llvm::Expected<OutputFile> create(llvm::StringRef path);

  OutputFile(OutputFile &&other);
  ~OutputFile();

  llvm::Error write(llvm::ArrayRef<uint8_t> bytes);
  llvm::Error writeZeros(uint64_t count);
  uint64_t position() const { return written + buffer.size(); }
  /// Writes what is left and gives the file its name. Nothing may be written afterwards.
  llvm::Error commit();

private:
  OutputFile(llvm::StringRef path, std::string temporary, int descriptor);
  llvm::Error flush();
  bool takeName();

  std::string path, temporary; // the second is empty while the file has no name
  int descriptor;              // -1 after commit() and in what was moved from
  std::vector<uint8_t> buffer;
  uint64_t written = 0;
};

} // namespace rwkvc

#endif // COMPILER_PIPELINE_OUTPUTFILE_H
