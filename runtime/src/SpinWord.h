// A number that threads wait on: they spin, then yield, then sleep. Whoever changes it makes a system call only
// if somebody sleeps, so that between threads that keep up a change costs one cache line.
#ifndef RUNTIME_SRC_SPINWORD_H
#define RUNTIME_SRC_SPINWORD_H

#include <atomic>
#include <climits>
#include <cstdint>
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace rwkvc {

// How long a waiter stays awake. A pause takes 10 to 50 ns; a yield takes 300 ns, or lets another thread run.
struct WaitPolicy {
  uint32_t pauses;
  uint32_t yields;
};

inline void pauseCpu() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

class SpinWord {
public:
  uint32_t load() const { return value.load(std::memory_order_acquire); }

  // Returns once the number differs from `old`.
  void waitWhile(uint32_t old, WaitPolicy policy) {
    for (uint32_t i = 0; i < policy.pauses; ++i) {
      if (load() != old)
        return;
      pauseCpu();
    }
    for (uint32_t i = 0; i < policy.yields; ++i) {
      if (load() != old)
        return;
      sched_yield();
    }
    // A sleeper announces itself before it looks again, and a publisher looks for sleepers after it has written:
    // in sequentially consistent order one of them sees the other.
    sleepers.fetch_add(1, std::memory_order_seq_cst);
    while (value.load(std::memory_order_seq_cst) == old)
      syscall(SYS_futex, &value, FUTEX_WAIT_PRIVATE, old, nullptr, nullptr, 0);
    sleepers.fetch_sub(1, std::memory_order_relaxed);
  }

  void publish(uint32_t next) {
    value.store(next, std::memory_order_seq_cst);
    if (sleepers.load(std::memory_order_seq_cst) != 0)
      syscall(SYS_futex, &value, FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0);
  }

private:
  static_assert(sizeof(std::atomic<uint32_t>) == sizeof(uint32_t));
  alignas(64) std::atomic<uint32_t> value = 0;
  alignas(64) std::atomic<uint32_t> sleepers = 0;
};

} // namespace rwkvc

#endif // RUNTIME_SRC_SPINWORD_H
