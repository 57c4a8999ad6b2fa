// What several threads may do at once: load and release one file, and run sessions of one model side by side.
#include "test/runtime/FakeModule.h"

#include <thread>

using namespace fake;

TEST(Sharing, ThreadsLoadRunAndReleaseOneFile) {
  std::string path = sealedFile("fake");
  auto use = [&](int32_t token) {
    for (int round = 0; round < 20; ++round) {
      Model model = load(path);
      Session session = newSession(model, 2);
      State state = newState(model);
      model.reset();
      Reference reference;
      rwkvc_state_t *states[] = {state.get()};
      std::vector<int32_t> tokens(7, token);
      uint64_t firstRow[] = {0, tokens.size()}, wanted = tokens.size() - 1;
      std::vector<float> logits(vocabulary), expected;
      rwkvc_batch_t batch = {tokens.size(), 1, 1, tokens.data(), firstRow, states, &wanted};
      EXPECT_EQ(rwkvc_session_step(session.get(), &batch, logits.data()), RWKVC_OK);
      for (int32_t each : tokens)
        expected = reference.feed(each);
      EXPECT_EQ(logits, expected);
    }
  };
  std::vector<std::thread> threads;
  for (int32_t i = 0; i < 4; ++i)
    threads.emplace_back(use, i);
  for (std::thread &thread : threads)
    thread.join();
}

TEST(Sharing, FailuresAreTheThreadsOwn) {
  rwkvc_model_t *model = nullptr;
  EXPECT_EQ(rwkvc_model_load("/absent.so", &model), RWKVC_IO_ERROR);
  std::thread([] {
    EXPECT_STREQ(rwkvc_status_message(RWKVC_IO_ERROR), "the operating system refused");
    EXPECT_STREQ(rwkvc_status_message(RWKVC_OK), "success");
  }).join();
  expectRefusal(RWKVC_IO_ERROR, RWKVC_IO_ERROR, "/absent.so");
}
