// One sequence's state: the module's block, and the dense view of its slots that callers and files see.
#ifndef RUNTIME_SRC_STATE_H
#define RUNTIME_SRC_STATE_H

#include "runtime/src/Model.h"

struct rwkvc_state {
  explicit rwkvc_state(const rwkvc_model *model);
  rwkvc_state(const rwkvc_state &) = delete;
  rwkvc_state &operator=(const rwkvc_state &) = delete;
  ~rwkvc_state();

  float *slot(uint32_t index) const;
  void reset();
  void gather(float *floats) const; // block -> dense
  void scatter(const float *floats);

  const rwkvc_model *model;
  uint8_t *block; // state_bytes, 64-byte aligned
  // The batch that named this state last: two names in one batch show without a table.
  uint64_t lastBatch = 0;
};

namespace rwkvc {
// Do the states of both models mean the same? Only one checkpoint and one layout of slots will do.
bool sameStates(const rwkvc_model &a, const rwkvc_model &b);
} // namespace rwkvc

#endif // RUNTIME_SRC_STATE_H
