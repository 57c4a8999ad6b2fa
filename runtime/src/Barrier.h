// Where the threads of a step meet between two kernels: some 50 ns for two threads on one chip.
#ifndef RUNTIME_SRC_BARRIER_H
#define RUNTIME_SRC_BARRIER_H

#include "runtime/src/SpinWord.h"

namespace rwkvc {

class Barrier {
public:
  Barrier(uint32_t threads, WaitPolicy policy) : threads(threads), policy(policy) {}

  void wait() {
    if (threads == 1)
      return;
    // Read before arriving: the round cannot end without this thread, so it is this round's number.
    uint32_t round = rounds.load();
    if (arrived.fetch_add(1, std::memory_order_acq_rel) + 1 < threads) {
      rounds.waitWhile(round, policy);
      return;
    }
    arrived.store(0, std::memory_order_relaxed);
    rounds.publish(round + 1);
  }

private:
  const uint32_t threads;
  const WaitPolicy policy;
  alignas(64) std::atomic<uint32_t> arrived = 0;
  SpinWord rounds;
};

} // namespace rwkvc

#endif // RUNTIME_SRC_BARRIER_H
