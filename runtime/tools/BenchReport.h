// What bench measured, and the two ways to print it.
#ifndef RUNTIME_TOOLS_BENCHREPORT_H
#define RUNTIME_TOOLS_BENCHREPORT_H

#include "runtime/include/rwkvc/rwkvc.h"

#include <cstdint>
#include <vector>

namespace rwkvc {

using Samples = std::vector<double>; // empty: not measured

struct BenchReport {
  const rwkvc_model_info_t *info = nullptr;
  unsigned threads = 0;
  uint64_t cacheBytes = 0; // of the last level; 0 if unknown
  uint64_t decodeSteps = 0, prefillRows = 0, sequenceCount = 0, mixedRows = 0;
  Samples load;                       // s
  Samples resident;                   // MB, after load and one token
  Samples hugePages;                  // share of the weights mapped by huge pages, then
  Samples decode, prefill, sequences; // tokens/s
  Samples mixed;                      // tokens/s of sequences and of a prompt beside them, together
  Samples read, probe;                // GB/s
  Samples prefillGflops, peakF32, peakBF16, peakInt8;
};

void printJson(const BenchReport &report);
void printText(const BenchReport &report);

} // namespace rwkvc

#endif // RUNTIME_TOOLS_BENCHREPORT_H
