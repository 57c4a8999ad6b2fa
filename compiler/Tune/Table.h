//===- Table.h - Records for people ------------------------------*- C++ -*-===//
#ifndef COMPILER_TUNE_TABLE_H
#define COMPILER_TUNE_TABLE_H

#include "compiler/Passes/TuningRecord.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/raw_ostream.h"

namespace rwkvc::tune {

/// All that a file says of one kernel on one CPU.
struct KernelRecords {
  const TuningRecord *best = nullptr; // the last one
  std::vector<const TuningRecord *> trials;
};

/// In the order of their first record.
std::vector<KernelRecords> byKernel(llvm::ArrayRef<TuningRecord> records);

/// "64, 6 x 32, inputs 512": of a schedule's text what differs between schedules.
std::string shortSchedule(llvm::StringRef schedule);

void printTable(llvm::ArrayRef<TuningRecord> records, llvm::raw_ostream &out);

/// A page that needs nothing else: the search of each kernel, and the kernels beside what the machine allows.
void printReport(llvm::ArrayRef<TuningRecord> records, llvm::raw_ostream &out);

} // namespace rwkvc::tune

#endif // COMPILER_TUNE_TABLE_H
