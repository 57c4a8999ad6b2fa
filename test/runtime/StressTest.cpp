// Many sessions on many threads that come, go and are misused, for long enough that what leaks or races shows. Results
// are compared throughout.
#include "test/runtime/FakeModule.h"

#include <atomic>
#include <fstream>
#include <mutex>
#include <random>
#include <thread>
#include <unistd.h>

using namespace fake;

namespace {

// A sanitizer is slow, and keeps memory that was freed.
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool isSanitized = true;
#else
constexpr bool isSanitized = false;
#endif

uint64_t residentBytes() {
  uint64_t all = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> all >> resident;
  return resident * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

// One token of one sequence.
rwkvc_status_t feed(const Session &session, const State &state, int32_t token, std::vector<float> &logits) {
  static const uint64_t firstRow[] = {0, 1}, wanted = 0;
  rwkvc_state_t *states[] = {state.get()};
  rwkvc_batch_t batch = {1, 1, 1, &token, firstRow, states, &wanted};
  return rwkvc_session_step(session.get(), &batch, logits.data());
}

// A sequence and what it should have computed.
struct Sequence {
  State state;
  Reference reference;
};

// The same sequence once more, from here on apart.
Sequence forkOf(const Model &model, const Sequence &origin) {
  Sequence fork{newState(model), origin.reference};
  EXPECT_EQ(rwkvc_state_copy(fork.state.get(), origin.state.get()), RWKVC_OK);
  return fork;
}

} // namespace

// Each thread has sessions and sequences of its own, of a model that is loaded and released all the time; it forks
// sequences, drops origins before forks and forks before origins, and makes calls that must be refused in between.
TEST(Stress, SessionsComeAndGoBesideEachOther) {
  std::string path = sealedFile("fake");
  auto use = [&](uint32_t seed) {
    std::mt19937 random(seed);
    std::vector<float> logits(vocabulary);
    for (int round = 0; round < 20; ++round) {
      Model model = load(path);
      Session session = newSession(model, 1 + random() % 3);
      std::vector<Sequence> sequences;
      sequences.push_back({newState(model), {}});
      model = load(path); // releases one handle of two
      for (int i = 0; i < 40; ++i) {
        size_t chosen = random() % sequences.size();
        int32_t token = static_cast<int32_t>(random() % vocabulary);
        ASSERT_EQ(feed(session, sequences[chosen].state, token, logits), RWKVC_OK);
        ASSERT_EQ(logits, sequences[chosen].reference.feed(token));
        if (random() % 4 == 0)
          sequences.push_back(forkOf(model, sequences[chosen]));
        if (random() % 5 == 0 && sequences.size() > 1)
          sequences.erase(sequences.begin() + static_cast<ptrdiff_t>(random() % sequences.size()));
        for (int32_t wrong : {-1, static_cast<int32_t>(vocabulary), INT32_MIN, INT32_MAX})
          ASSERT_EQ(feed(session, sequences[0].state, wrong, logits), RWKVC_INVALID_ARGUMENT);
        if (random() % 8 == 0)
          session = newSession(model, 1 + random() % 3);
      }
    }
  };
  std::vector<std::thread> threads;
  for (uint32_t i = 0; i < 6; ++i)
    threads.emplace_back(use, i);
  for (std::thread &thread : threads)
    thread.join();
}

// One thread takes sessions away while others work with theirs: they share the model, and nothing else.
TEST(Stress, SessionsEndWhileOthersWork) {
  Model model = load(sealedFile("fake"));
  std::mutex lock;
  std::vector<Session> pool;
  std::atomic<bool> done = false;
  std::thread reaper([&] {
    while (!done) {
      std::this_thread::yield();
      Session taken;
      std::lock_guard guard(lock);
      if (!pool.empty()) {
        taken = std::move(pool.back());
        pool.pop_back();
      }
    }
  });
  auto use = [&](int32_t token) {
    std::vector<float> logits(vocabulary);
    for (int round = 0; round < 25; ++round) {
      Session session = newSession(model, 2);
      Sequence sequence{newState(model), {}};
      for (int i = 0; i < 20; ++i) {
        ASSERT_EQ(feed(session, sequence.state, token, logits), RWKVC_OK);
        ASSERT_EQ(logits, sequence.reference.feed(token));
      }
      std::lock_guard guard(lock);
      pool.push_back(std::move(session));
    }
  };
  std::vector<std::thread> threads;
  for (int32_t i = 0; i < 4; ++i)
    threads.emplace_back(use, i);
  for (std::thread &thread : threads)
    thread.join();
  done = true;
  reaper.join();
}

// Sizes are looked at before the arrays that they are of: none of these is read behind its end.
TEST(Stress, AbsurdSizesAreRefused) {
  Model model = load(sealedFile("fake"));
  Session session = newSession(model, 1);
  State state = newState(model);
  int32_t token = 3;
  uint64_t firstRow[] = {0, 1}, wanted = 0;
  rwkvc_state_t *states[] = {state.get()};
  std::vector<float> logits(vocabulary), before = floatsOf(state);
  const rwkvc_batch_t good = {1, 1, 1, &token, firstRow, states, &wanted};
  auto refused = [&](auto change) {
    rwkvc_batch_t batch = good;
    change(batch);
    EXPECT_EQ(rwkvc_session_step(session.get(), &batch, logits.data()), RWKVC_INVALID_ARGUMENT);
    EXPECT_EQ(floatsOf(state), before);
  };
  refused([](auto &b) { b.rows = 0; });
  refused([](auto &b) { b.sequences = ~0ull; });
  refused([](auto &b) { b.wanted = ~0ull; });
  refused([](auto &b) { b.wanted = 2; });
  EXPECT_EQ(rwkvc_state_get(state.get(), logits.data(), ~0ull), RWKVC_INVALID_ARGUMENT);
  EXPECT_EQ(rwkvc_state_set_slot(state.get(), ~0u, logits.data(), 4), RWKVC_INVALID_ARGUMENT);
  rwkvc_session_t *none = nullptr;
  EXPECT_EQ(rwkvc_session_create(model.get(), ~0u, &none), RWKVC_INVALID_ARGUMENT);
  EXPECT_EQ(none, nullptr);
}

// A million steps, a fresh fork every ten, a state saved and loaded every thousand.
TEST(Stress, AMillionStepsLeakNothing) {
  Model model = load(sealedFile("fake"));
  Session session = newSession(model, 1);
  Sequence sequence{newState(model), {}};
  std::vector<float> logits(vocabulary);
  std::string path = temporary("stress-state");
  uint64_t settled = 0;
  constexpr int steps = isSanitized ? 50'000 : 1'000'000, warm = steps / 10;
  for (int i = 0; i < steps; ++i) {
    int32_t token = i % static_cast<int32_t>(vocabulary);
    ASSERT_EQ(feed(session, sequence.state, token, logits), RWKVC_OK);
    if (i % 10 == 0)
      sequence = forkOf(model, sequence);
    if (i % 1000 == 0) {
      ASSERT_EQ(rwkvc_state_save(sequence.state.get(), path.c_str()), RWKVC_OK);
      ASSERT_EQ(rwkvc_state_load(sequence.state.get(), path.c_str()), RWKVC_OK);
      session = newSession(model, i % 20'000 == 0 ? 2 : 1);
    }
    if (i == warm)
      settled = residentBytes();
  }
  if (!isSanitized)
    EXPECT_LT(residentBytes(), settled + (1u << 20));
}
