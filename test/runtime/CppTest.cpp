// The C++ wrapper, used as a user does: the installed header's text, the shared library, no internals.
#include <rwkvc/rwkvc.hpp>

#include "test/runtime/FakeModule.h"

#include <type_traits>

namespace {

using Tokens = std::vector<int32_t>;

template <typename Call> void expectError(Call call, rwkvc_status_t status, const std::string &words) {
  try {
    call();
    FAIL() << "nothing was thrown";
  } catch (const rwkvc::Error &error) {
    EXPECT_EQ(error.status(), status);
    EXPECT_NE(std::string(error.what()).find(words), std::string::npos) << error.what();
  }
}

std::vector<float> expected(fake::Reference &reference, const Tokens &tokens) {
  std::vector<float> logits;
  for (int32_t token : tokens)
    logits = reference.feed(token);
  return logits;
}

class CppTest : public testing::Test {
protected:
  rwkvc::Model model{fake::sealedFile("fake")};
  rwkvc::Session session{model, 2};
  rwkvc::State state{model};
};

} // namespace

template <typename T>
constexpr bool movesOnly = std::is_nothrow_move_constructible_v<T> && std::is_nothrow_move_assignable_v<T> &&
                           !std::is_copy_constructible_v<T> && !std::is_copy_assignable_v<T>;
static_assert(movesOnly<rwkvc::Model> && movesOnly<rwkvc::State> && movesOnly<rwkvc::Session>);

TEST_F(CppTest, ModelTellsWhatItIs) {
  EXPECT_EQ(rwkvc::version(), rwkvc_version());
  EXPECT_STREQ(model.info().architecture, "rwkv7");
  ASSERT_EQ(model.slots().size(), 2u);
  EXPECT_STREQ(model.slots()[1].name, "layer.0.count");
  EXPECT_EQ(session.threads(), 2u);
  EXPECT_EQ(session.info().vocabulary, fake::vocabulary);
  model.verify();
}

TEST_F(CppTest, FailuresAreErrorsWithTheirStatus) {
  expectError([] { rwkvc::Model("/no/such/file.so"); }, RWKVC_IO_ERROR, "/no/such/file.so");
  expectError([&] { session.step(state, Tokens{1, 77}); }, RWKVC_INVALID_ARGUMENT, "77");
  expectError([&] { session.step(state, Tokens{}); }, RWKVC_INVALID_ARGUMENT, "no rows");
  expectError([&] { rwkvc::Session(model, 9999); }, RWKVC_INVALID_ARGUMENT, "9999");
  expectError([&] { state.slot(2); }, RWKVC_INVALID_ARGUMENT, "");
  expectError([&] { state.setFloats(std::vector<float>(7)); }, RWKVC_INVALID_ARGUMENT, "7");
  expectError([&] { state.load("/no/such/state"); }, RWKVC_IO_ERROR, "/no/such/state");
  std::vector<float> little(3);
  rwkvc::Batch batch;
  batch.add(state, Tokens{1});
  expectError([&] { session.step(batch, little); }, RWKVC_INVALID_ARGUMENT, "room for 3 logits");
}

TEST_F(CppTest, StepsReturnTheRowsThatAreWanted) {
  fake::Reference reference;
  EXPECT_EQ(session.step(state, Tokens{1, 2, 3}), expected(reference, {1, 2, 3}));
  std::vector<float> both = expected(reference, {4}), second = expected(reference, {5});
  both.insert(both.end(), second.begin(), second.end());
  EXPECT_EQ(session.step(state, Tokens{4, 5}, rwkvc::Want::All), both);
  EXPECT_TRUE(session.step(state, Tokens{6}, rwkvc::Want::None).empty());
  expected(reference, {6});
  EXPECT_EQ(session.step(state, Tokens{7}), expected(reference, {7}));
}

TEST_F(CppTest, BatchesMixSequences) {
  rwkvc::State other(model);
  fake::Reference a, b;
  rwkvc::Batch batch;
  for (int round = 0; round < 2; ++round) {
    batch.clear();
    batch.add(state, Tokens{1, 2}).add(other, Tokens{3, 4, 5});
    EXPECT_EQ(batch.rows(), 5u);
    EXPECT_EQ(batch.sequences(), 2u);
    ASSERT_EQ(batch.wanted(), 2u);
    std::vector<float> logits = session.step(batch), both = expected(a, {1, 2}), second = expected(b, {3, 4, 5});
    both.insert(both.end(), second.begin(), second.end());
    EXPECT_EQ(logits, both);
  }
  batch.add(other, Tokens{1});
  expectError([&] { session.step(batch); }, RWKVC_INVALID_ARGUMENT, "another sequence");
}

TEST_F(CppTest, StatesForkSaveAndLoad) {
  session.step(state, Tokens{1, 2, 3});
  rwkvc::State fork = state.copy();
  EXPECT_EQ(fork.floats(), state.floats());
  EXPECT_EQ(session.step(fork, Tokens{4}), session.step(state, Tokens{4}));

  std::string path = fake::temporary("cpp-state");
  state.save(path);
  rwkvc::State loaded(model);
  loaded.load(path);
  EXPECT_EQ(loaded.floats(), state.floats());

  state.reset();
  EXPECT_EQ(state.floats(), rwkvc::State(model).floats());
  state.assign(loaded);
  EXPECT_EQ(state.floats(), loaded.floats());
  EXPECT_EQ(state.floats().size(), state.info().state_floats);
}

TEST_F(CppTest, SlotsAreReadAndWritten) {
  state.setSlot(1, std::vector<float>{1, 2, 3, 4});
  EXPECT_EQ(state.slot(1), (std::vector<float>{1, 2, 3, 4}));
  std::vector<float> floats = state.floats();
  EXPECT_EQ(floats.back(), 4);
  floats.front() = 9;
  state.setFloats(floats);
  EXPECT_EQ(state.slot(0).front(), 9);
}

// What is made of a model outlives the Model, whatever is moved where.
TEST_F(CppTest, ObjectsKeepAliveWhatTheyNeed) {
  auto make = [] {
    rwkvc::Model local(fake::sealedFile("fake"));
    return std::pair(rwkvc::Session(local, 1), rwkvc::State(local));
  };
  auto [otherSession, otherState] = make();
  rwkvc::State moved = std::move(otherState);
  fake::Reference reference;
  EXPECT_EQ(otherSession.step(moved, Tokens{1}), expected(reference, {1}));
  moved = moved.copy();
  EXPECT_EQ(otherSession.step(moved, Tokens{2}), expected(reference, {2}));
}
