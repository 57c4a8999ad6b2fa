//===- Turns.h - Pieces that threads finish in order -------------*- C++ -*-===//
#ifndef DIALECTS_QUANT_TURNS_H
#define DIALECTS_QUANT_TURNS_H

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace rwkvc::weight {

/// Pieces 0, 1, ... have one turn each, in this order, whichever threads they are with. Whoever took the earliest piece
/// of all that are not finished never waits, so threads that take pieces in order cannot wait for each other.
class Turns {
public:
  /// Returns when it is the turn of `piece`; false if there will be none.
  bool wait(int64_t piece) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return stopped || current == piece; });
    return !stopped;
  }

  /// Ends the turn.
  void end() {
    {
      std::lock_guard lock(mutex);
      ++current;
    }
    changed.notify_all();
  }

  /// There are no more turns.
  void stop() {
    {
      std::lock_guard lock(mutex);
      stopped = true;
    }
    changed.notify_all();
  }

private:
  std::mutex mutex;
  std::condition_variable changed;
  int64_t current = 0;
  bool stopped = false;
};

} // namespace rwkvc::weight

#endif // DIALECTS_QUANT_TURNS_H
