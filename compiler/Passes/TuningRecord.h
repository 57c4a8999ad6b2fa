//===- TuningRecord.h - What was measured of a schedule ----------*- C++ -*-===//
//
// One JSON object a line. Files are appended to and may be joined: of two best records for one kernel and CPU the later
// one counts.
//
//===----------------------------------------------------------------------===//
#ifndef COMPILER_PASSES_TUNINGRECORD_H
#define COMPILER_PASSES_TUNINGRECORD_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace rwkvc {

struct TuningRecord {
  std::string record;   // "trial", or "best": what compilations use
  std::string kernel;   // dialects/Kernel/Signature.h
  std::string cpu;      // LLVM's name of it
  std::string features; // instruction sets that the code may use, separated by commas
  std::string compiler; // the version of this one
  std::string schedule; // as MLIR prints the attribute
  std::string verdict;  // "ok"; or "wrong", "crashed", "hung", and then there are no times
  int64_t threads = 0, rows = 0; // that were measured with
  double ns = 0;                 // of a call
  double ratio = 0;              // to the default schedule, beside which it was measured
  double spread = 0;             // of the ratio
  double bytes = 0, operations = 0; // of the weight, and two for each multiply-add
};

/// One line, with its end.
std::string printRecord(const TuningRecord &record);

/// A sentence if the line is no record.
llvm::Expected<TuningRecord> parseRecord(llvm::StringRef line);

struct TuningRecords {
  std::vector<TuningRecord> records;

  /// Bytes from the start that are whole records. Beyond is the beginning of one whose writer was stopped.
  uint64_t wholeBytes = 0;
};

/// Refuses a file that is no list of records, and names the line. A last line without an end may be torn.
llvm::Expected<TuningRecords> parseRecords(llvm::StringRef name, llvm::StringRef text);
llvm::Expected<TuningRecords> readRecords(llvm::StringRef path);

/// The records of every CPU that come with the compiler.
llvm::StringRef shippedRecords();

} // namespace rwkvc

#endif // COMPILER_PASSES_TUNINGRECORD_H
