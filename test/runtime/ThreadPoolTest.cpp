// Pool and barrier: nobody runs ahead, nobody is left behind, with fewer CPUs than threads as well.
#include "runtime/src/ThreadPool.h"

#include <gtest/gtest.h>

#include <chrono>

using namespace rwkvc;

namespace {

// Every thread adds its turn between two barriers; a thread that slips through sees a wrong sum.
struct Relay {
  ThreadPool &pool;
  std::atomic<uint64_t> sum = 0;
  std::atomic<uint64_t> wrong = 0;
  uint64_t turns = 0;
  std::chrono::microseconds pause{0};

  static void run(void *context, uint32_t thread, uint32_t threads) {
    auto &relay = *static_cast<Relay *>(context);
    for (uint64_t turn = 1; turn <= relay.turns; ++turn) {
      relay.sum += thread + 1;
      if (relay.pause.count() && thread == turn % threads)
        std::this_thread::sleep_for(relay.pause);
      relay.pool.barrier();
      if (relay.sum != turn * threads * (threads + 1) / 2)
        ++relay.wrong;
      relay.pool.barrier();
    }
  }
};

} // namespace

TEST(ThreadPool, BarriersHoldForAnyNumberOfThreads) {
  for (uint32_t threads = 1; threads <= 8; ++threads) {
    ThreadPool pool(threads);
    for (int job = 0; job < 20; ++job) {
      Relay relay{pool};
      relay.turns = 50;
      pool.run(Relay::run, &relay);
      EXPECT_EQ(relay.wrong, 0u) << threads << " threads";
      EXPECT_EQ(relay.sum, 50 * threads * (threads + 1) / 2);
    }
  }
}

TEST(ThreadPool, WaitersThatFellAsleepAreWoken) {
  ThreadPool pool(3);
  Relay relay{pool};
  relay.turns = 10;
  relay.pause = std::chrono::milliseconds(8);
  pool.run(Relay::run, &relay);
  EXPECT_EQ(relay.wrong, 0u);
}

TEST(ThreadPool, WorkersSleepBetweenJobsAndComeBack) {
  ThreadPool pool(4);
  for (int job = 0; job < 5; ++job) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    Relay relay{pool};
    relay.turns = 2;
    pool.run(Relay::run, &relay);
    EXPECT_EQ(relay.wrong, 0u);
  }
}

TEST(ThreadPool, ManyPoolsComeAndGo) {
  for (int i = 0; i < 50; ++i)
    ThreadPool pool(1 + i % 5);
}

TEST(SpinWord, AChangeBeforeTheWaitIsSeen) {
  SpinWord word;
  word.publish(1);
  word.waitWhile(0, {0, 0});
  EXPECT_EQ(word.load(), 1u);
}
