// A file of measured schedules. What is read is written so that it is read again.
#include "compiler/Passes/TuningRecord.h"
#include "test/fuzz/FuzzedFile.h"

#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  std::vector<char> copy(bytes, bytes + size);
  llvm::Expected<rwkvc::TuningRecords> read = rwkvc::parseRecords("fuzzed", {copy.data(), copy.size()});
  if (!read) {
    llvm::consumeError(read.takeError());
    return 0;
  }
  fuzz::demand(read->wholeBytes <= size);
  for (const rwkvc::TuningRecord &record : read->records) {
    llvm::Expected<rwkvc::TuningRecord> again = rwkvc::parseRecord(rwkvc::printRecord(record));
    // Escapes may make a line longer than it was.
    if (!again)
      llvm::consumeError(again.takeError());
    else
      fuzz::demand(again->schedule == record.schedule && again->kernel == record.kernel);
  }
  return 0;
}
