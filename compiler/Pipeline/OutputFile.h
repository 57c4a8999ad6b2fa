//===- OutputFile.h - A file that appears whole or not at all ----*- C++ -*-===//
#ifndef COMPILER_PIPELINE_OUTPUTFILE_H
#define COMPILER_PIPELINE_OUTPUTFILE_H

#include "runtime/host/NewFile.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace rwkvc {

/// A NewFile in pieces of 2 MiB, with LLVM's errors.
class OutputFile {
public:
  /// Refuses a path that cannot be written, and one that is not a regular file.
  static llvm::Expected<OutputFile> create(llvm::StringRef path);

  llvm::Error write(llvm::ArrayRef<uint8_t> bytes);
  llvm::Error writeZeros(uint64_t count);
  uint64_t position() const { return written + buffer.size(); }
  /// Writes what is left and gives the file its name. Nothing may be written afterwards.
  llvm::Error commit();

private:
  OutputFile(llvm::StringRef path, NewFile file);
  llvm::Error flush();

  std::string path;
  NewFile file;
  std::vector<uint8_t> buffer;
  uint64_t written = 0;
};

} // namespace rwkvc

#endif // COMPILER_PIPELINE_OUTPUTFILE_H
