//===- RecordFile.h - Records that survive whoever writes them ---*- C++ -*-===//
#ifndef COMPILER_TUNE_RECORDFILE_H
#define COMPILER_TUNE_RECORDFILE_H

#include "compiler/Passes/TuningRecord.h"

namespace rwkvc::tune {

/// A file of records that one process at a time adds to. Each is written whole, at once: whoever is killed leaves at most
/// the beginning of one, which the next process takes away.
class RecordFile {
public:
  /// Reads what is there, or starts an empty file. `dropped` says whether a torn record was taken away.
  static llvm::Expected<RecordFile> open(llvm::StringRef path, bool &dropped);
  RecordFile(RecordFile &&other);
  ~RecordFile();

  llvm::Error add(const TuningRecord &record);

  /// In the order of the file, with what was added.
  const std::vector<TuningRecord> &records() const { return all; }

private:
  RecordFile(std::string path, int file, std::vector<TuningRecord> all)
      : path(std::move(path)), file(file), all(std::move(all)) {}

  std::string path;
  int file; // or -1
  std::vector<TuningRecord> all;
};

} // namespace rwkvc::tune

#endif // COMPILER_TUNE_RECORDFILE_H
