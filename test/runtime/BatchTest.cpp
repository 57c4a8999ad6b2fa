// Batches: whatever their shape and however they are cut, every sequence sees its own tokens in order.
#include "test/runtime/FakeModule.h"

#include <random>

using namespace fake;

namespace {

// A batch that owns its arrays.
struct Batch {
  std::vector<int32_t> tokens;
  std::vector<uint64_t> firstRow = {0}, wanted;
  std::vector<rwkvc_state_t *> states;

  void add(const State &state, const std::vector<int32_t> &more) {
    tokens.insert(tokens.end(), more.begin(), more.end());
    firstRow.push_back(tokens.size());
    states.push_back(state.get());
  }
  rwkvc_batch_t view() const {
    return {tokens.size(), states.size(), wanted.size(), tokens.data(), firstRow.data(), states.data(), wanted.data()};
  }
  rwkvc_status_t step(const Session &session, std::vector<float> &logits) const {
    rwkvc_batch_t batch = view();
    return rwkvc_session_step(session.get(), &batch, logits.data());
  }
};

class BatchTest : public testing::Test {
protected:
  Model model = load(sealedFile("fake"));
  Session session = newSession(model, 2);
  State state = newState(model);
  std::vector<float> logits = std::vector<float>(64 * vocabulary);

  // The batch, spoiled by `change`, is refused and leaves the state alone.
  template <typename Change> void expectRefused(Change change, rwkvc_status_t expected, const std::string &words) {
    Batch batch;
    batch.add(state, {1, 2, 3});
    batch.wanted = {0, 2};
    rwkvc_batch_t view = batch.view();
    change(batch, view);
    std::vector<float> before = floatsOf(state);
    expectRefusal(rwkvc_session_step(session.get(), &view, logits.data()), expected, words);
    EXPECT_EQ(floatsOf(state), before);
  }
};

} // namespace

// Random shapes, far longer than the module's five rows, on 1 to 4 threads: one reference a sequence.
TEST_F(BatchTest, AnyShapeIsCutRightly) {
  std::mt19937 random(7);
  for (uint32_t threads = 1; threads <= 4; ++threads) {
    Session crowd = newSession(model, threads);
    std::vector<State> states;
    std::vector<Reference> references(6);
    for (size_t i = 0; i < references.size(); ++i)
      states.push_back(newState(model));
    for (int round = 0; round < 60; ++round) {
      Batch batch;
      std::vector<std::vector<float>> expected;
      size_t sequences = 1 + random() % references.size();
      for (size_t s = 0; s < sequences; ++s) {
        std::vector<int32_t> tokens(1 + random() % 9);
        for (size_t i = 0; i < tokens.size(); ++i) {
          tokens[i] = static_cast<int32_t>(random() % vocabulary);
          std::vector<float> row = references[s].feed(tokens[i]);
          if (random() % 2 == 0)
            continue;
          batch.wanted.push_back(batch.tokens.size() + i);
          expected.push_back(row);
        }
        batch.add(states[s], tokens);
      }
      ASSERT_EQ(batch.step(crowd, logits), RWKVC_OK) << rwkvc_status_message(RWKVC_INVALID_ARGUMENT);
      for (size_t i = 0; i < expected.size(); ++i)
        for (uint64_t v = 0; v < vocabulary; ++v)
          ASSERT_EQ(logits[i * vocabulary + v], expected[i][v]) << threads << " threads, round " << round;
      for (size_t s = 0; s < sequences; ++s)
        ASSERT_EQ(floatsOf(states[s])[7], references[s].count);
    }
  }
}

TEST_F(BatchTest, NothingWantedNeedsNoLogits) {
  Batch batch;
  batch.add(state, std::vector<int32_t>(12, 3));
  rwkvc_batch_t view = batch.view();
  view.wanted_rows = nullptr;
  EXPECT_EQ(rwkvc_session_step(session.get(), &view, nullptr), RWKVC_OK);
  EXPECT_EQ(floatsOf(state)[4], 11.0f);
}

TEST_F(BatchTest, NullIsRefused) {
  rwkvc_batch_t batch = {};
  EXPECT_EQ(rwkvc_session_step(nullptr, &batch, logits.data()), RWKVC_INVALID_ARGUMENT);
  EXPECT_EQ(rwkvc_session_step(session.get(), nullptr, logits.data()), RWKVC_INVALID_ARGUMENT);
  expectRefused([](Batch &, auto &v) { v.tokens = nullptr; }, RWKVC_INVALID_ARGUMENT, "needs tokens");
  expectRefused([](Batch &, auto &v) { v.wanted_rows = nullptr; }, RWKVC_INVALID_ARGUMENT, "2 rows are wanted");
  expectRefused([](Batch &b, auto &) { b.states[0] = nullptr; }, RWKVC_INVALID_ARGUMENT, "sequence 0 has no state");
}

TEST_F(BatchTest, CountsAreChecked) {
  expectRefused([](Batch &, auto &v) { v.rows = 0; }, RWKVC_INVALID_ARGUMENT, "the batch has no rows");
  expectRefused([](Batch &, auto &v) { v.sequences = 0; }, RWKVC_INVALID_ARGUMENT, "0 sequences for 3 rows");
  expectRefused([](Batch &, auto &v) { v.sequences = 4; }, RWKVC_INVALID_ARGUMENT, "4 sequences for 3 rows");
}

TEST_F(BatchTest, TokensAreChecked) {
  expectRefused([](Batch &b, auto &) { b.tokens[1] = 16; }, RWKVC_INVALID_ARGUMENT,
                "the token of row 1 is 16, but the vocabulary has 16");
  expectRefused([](Batch &b, auto &) { b.tokens[2] = -1; }, RWKVC_INVALID_ARGUMENT, "the token of row 2 is -1");
}

TEST_F(BatchTest, RowsAreChecked) {
  expectRefused([](Batch &b, auto &) { b.firstRow[1] = 2; }, RWKVC_INVALID_ARGUMENT, "goes from 0 to 2, but");
  expectRefused([](Batch &b, auto &) { b.firstRow[0] = 1; }, RWKVC_INVALID_ARGUMENT, "goes from 1 to 3, but");
  expectRefused([](Batch &b, auto &) { b.wanted[1] = 3; }, RWKVC_INVALID_ARGUMENT, "row 3 is wanted, but");
  expectRefused([](Batch &b, auto &) { b.wanted = {2, 0}; }, RWKVC_INVALID_ARGUMENT, "they must ascend");
  expectRefused([](Batch &b, auto &) { b.wanted[1] = 0; }, RWKVC_INVALID_ARGUMENT, "they must ascend");
  State other = newState(model);
  Batch batch;
  batch.add(state, {1});
  batch.add(other, {});
  batch.add(newState(model), {2, 3});
  expectRefusal(batch.step(session, logits), RWKVC_INVALID_ARGUMENT, "needs at least one row");
}

TEST_F(BatchTest, AStateIsOneSequence) {
  Batch batch;
  batch.add(state, {1});
  batch.add(state, {2});
  expectRefusal(batch.step(session, logits), RWKVC_INVALID_ARGUMENT, "sequence 1 has the state of another");
  batch = {};
  batch.add(state, {1});
  EXPECT_EQ(batch.step(session, logits), RWKVC_OK);
  EXPECT_EQ(batch.step(session, logits), RWKVC_OK) << "the next batch may name it again";
}

TEST_F(BatchTest, AStateOfAnotherModelIsRefused) {
  Parts parts = partsOf("fake");
  parts.modelId = "yet another one!";
  writeFile(temporary("yet-another.so"), seal(parts));
  Model another = load(temporary("yet-another.so"));
  State theirs = newState(another);
  Batch batch;
  batch.add(theirs, {1});
  expectRefusal(batch.step(session, logits), RWKVC_WRONG_MODEL, "the state of sequence 0 is of");
}

TEST(Session, ThreadsAreCounted) {
  Model model = load(sealedFile("fake"));
  EXPECT_EQ(rwkvc_session_threads(newSession(model, 3).get()), 3u);
  EXPECT_GE(rwkvc_session_threads(newSession(model, 0).get()), 1u);
  rwkvc_session_t *session = nullptr;
  expectRefusal(rwkvc_session_create(model.get(), 5000, &session), RWKVC_INVALID_ARGUMENT, "5000 threads");
  EXPECT_EQ(rwkvc_session_create(nullptr, 1, &session), RWKVC_INVALID_ARGUMENT);
}
