// A batch from outside: checked as a whole, then cut into steps of at most the module's rows.
#ifndef RUNTIME_SRC_BATCH_H
#define RUNTIME_SRC_BATCH_H

#include "runtime/src/State.h"

#include <vector>

namespace rwkvc {

// After this no step of the batch can fail.
rwkvc_status_t checkBatch(const rwkvc_batch_t &batch, const rwkvc_model &model, const float *logits);

// Cuts a batch into module steps, in order. A sequence that is cut goes on in the next step with the state that this
// one leaves. Holds the arrays that a step points to, so that cutting allocates nothing.
class BatchSplitter {
public:
  explicit BatchSplitter(uint64_t maxRows);

  void start(const rwkvc_batch_t &batch, float *logits, uint64_t vocabulary);
  // Fills in all but weights, arena and imports. False after the last step.
  bool next(rwkvc_step_t &step);

private:
  const uint64_t maxRows;
  std::vector<uint64_t> firstRow;  // [maxRows + 1]
  std::vector<uint8_t *> states;   // [maxRows]
  std::vector<int32_t> wantedRows; // [maxRows]
  const rwkvc_batch_t *batch = nullptr;
  float *logits = nullptr;
  uint64_t vocabulary = 0;
  uint64_t row = 0, sequence = 0, wanted = 0; // the next ones to be run
};

} // namespace rwkvc

#endif // RUNTIME_SRC_BATCH_H
