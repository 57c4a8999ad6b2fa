// States: independent of each other, exact on disk, and refused unless they are this model's, whole.
#include "test/runtime/FakeModule.h"

#include <filesystem>
#include <numeric>
#include <sys/stat.h>

using namespace fake;

namespace {

// A state with a different number in every float.
State numbered(const Model &model, float first) {
  State state = newState(model);
  std::vector<float> floats(8);
  std::iota(floats.begin(), floats.end(), first);
  EXPECT_EQ(rwkvc_state_set(state.get(), floats.data(), floats.size()), RWKVC_OK);
  return state;
}

const std::vector<float> fresh = {0.25f, 0.25f, 0.25f, 0.25f, -1.0f, -1.0f, -1.0f, -1.0f};

} // namespace

TEST(State, IsFreshUntilSetAndAfterReset) {
  Model model = load(sealedFile("fake"));
  State state = newState(model);
  EXPECT_EQ(floatsOf(state), fresh);
  state = numbered(model, 1.0f);
  EXPECT_EQ(floatsOf(state)[7], 8.0f);
  EXPECT_EQ(rwkvc_state_reset(state.get()), RWKVC_OK);
  EXPECT_EQ(floatsOf(state), fresh);
}

TEST(State, SlotsAreFoundByNumber) {
  Model model = load(sealedFile("fake"));
  State state = numbered(model, 1.0f);
  float count[4];
  EXPECT_EQ(rwkvc_state_get_slot(state.get(), 1, count, 4), RWKVC_OK);
  EXPECT_EQ(count[0], 5.0f);
  count[3] = -7.0f;
  EXPECT_EQ(rwkvc_state_set_slot(state.get(), 1, count, 4), RWKVC_OK);
  EXPECT_EQ(floatsOf(state), (std::vector<float>{1, 2, 3, 4, 5, 6, 7, -7}));
  expectRefusal(rwkvc_state_get_slot(state.get(), 2, count, 4), RWKVC_INVALID_ARGUMENT, "slot 2 is asked for");
  expectRefusal(rwkvc_state_set_slot(state.get(), 0, count, 3), RWKVC_INVALID_ARGUMENT,
                "3 floats given, but there are 4");
  expectRefusal(rwkvc_state_set(state.get(), count, 4), RWKVC_INVALID_ARGUMENT, "4 floats given, but there are 8");
}

TEST(State, CopiesAreIndependent) {
  Model model = load(sealedFile("fake"));
  State one = numbered(model, 1.0f), two = newState(model);
  EXPECT_EQ(rwkvc_state_copy(two.get(), one.get()), RWKVC_OK);
  EXPECT_EQ(floatsOf(two), floatsOf(one));
  EXPECT_EQ(rwkvc_state_reset(one.get()), RWKVC_OK);
  EXPECT_EQ(floatsOf(two)[0], 1.0f);
  EXPECT_EQ(rwkvc_state_copy(two.get(), two.get()), RWKVC_OK);
}

TEST(State, OutlivesItsModelHandle) {
  Model model = load(sealedFile("fake"));
  State state = newState(model);
  model.reset();
  EXPECT_EQ(rwkvc_state_reset(state.get()), RWKVC_OK);
  EXPECT_EQ(floatsOf(state), fresh);
}

TEST(State, SavedAndLoadedIsTheSame) {
  Model model = load(sealedFile("fake"));
  State one = numbered(model, 1.0f), two = newState(model);
  std::string path = temporary("saved");
  EXPECT_EQ(rwkvc_state_save(one.get(), path.c_str()), RWKVC_OK);
  EXPECT_EQ(rwkvc_state_save(one.get(), path.c_str()), RWKVC_OK) << "over an older one";
  EXPECT_EQ(rwkvc_state_load(two.get(), path.c_str()), RWKVC_OK);
  EXPECT_EQ(floatsOf(two), floatsOf(one));
  for (const auto &entry : std::filesystem::directory_iterator(temporary("")))
    EXPECT_NE(entry.path().extension(), ".tmp");
}

TEST(State, DamagedFilesAreRefusedAndChangeNothing) {
  Model model = load(sealedFile("fake"));
  State saved = numbered(model, 1.0f), state = newState(model);
  std::string path = temporary("damaged");
  ASSERT_EQ(rwkvc_state_save(saved.get(), path.c_str()), RWKVC_OK);
  std::string whole = readFile(path);
  ASSERT_EQ(whole.size(), 88u + 8 * sizeof(float));
  auto expectRefused = [&](const std::string &bytes) {
    writeFile(path, bytes);
    expectRefusal(rwkvc_state_load(state.get(), path.c_str()), RWKVC_CORRUPTED, "'");
    EXPECT_EQ(floatsOf(state), fresh);
  };
  for (size_t size = 0; size < whole.size(); size += 4)
    expectRefused(whole.substr(0, size));
  expectRefused(whole + std::string(4, '\0'));
  for (size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    std::string bytes = whole;
    bytes[bit / 8] ^= static_cast<char>(1 << bit % 8);
    expectRefused(bytes);
  }
}

TEST(State, OfAnotherModelIsRefused) {
  Model model = load(sealedFile("fake"));
  Parts parts = partsOf("fake");
  parts.modelId = "another model id";
  writeFile(temporary("another.so"), seal(parts));
  Model another = load(temporary("another.so"));
  State theirs = newState(another), ours = newState(model);
  std::string path = temporary("theirs");
  ASSERT_EQ(rwkvc_state_save(theirs.get(), path.c_str()), RWKVC_OK);
  expectRefusal(rwkvc_state_load(ours.get(), path.c_str()), RWKVC_WRONG_MODEL, "belongs to another model");
  expectRefusal(rwkvc_state_copy(ours.get(), theirs.get()), RWKVC_WRONG_MODEL, "cannot be copied");
}

// Two builds of one checkpoint differ in code and weights, but mean the same by a state.
TEST(State, OfAnotherBuildOfTheModelIsTaken) {
  Model model = load(sealedFile("fake"));
  Parts parts = partsOf("fake");
  parts.weights[1] ^= 1;
  writeFile(temporary("rebuilt.so"), seal(parts));
  Model rebuilt = load(temporary("rebuilt.so"));
  State theirs = numbered(rebuilt, 3.0f), ours = newState(model);
  EXPECT_EQ(rwkvc_state_copy(ours.get(), theirs.get()), RWKVC_OK);
  EXPECT_EQ(floatsOf(ours), floatsOf(theirs));
}

TEST(State, UnwritableAndAbsentFiles) {
  Model model = load(sealedFile("fake"));
  State state = newState(model);
  expectRefusal(rwkvc_state_save(state.get(), temporary("no/folder").c_str()), RWKVC_IO_ERROR, "cannot write");
  expectRefusal(rwkvc_state_load(state.get(), temporary("absent").c_str()), RWKVC_IO_ERROR, "cannot open");
  expectRefusal(rwkvc_state_load(state.get(), "/"), RWKVC_IO_ERROR, "not a regular file");
  ASSERT_EQ(mkfifo(temporary("state-pipe").c_str(), 0600), 0);
  expectRefusal(rwkvc_state_load(state.get(), temporary("state-pipe").c_str()), RWKVC_IO_ERROR, "not a regular file");
  EXPECT_EQ(rwkvc_state_load(nullptr, "x"), RWKVC_INVALID_ARGUMENT);
  EXPECT_EQ(rwkvc_state_save(state.get(), nullptr), RWKVC_INVALID_ARGUMENT);
  EXPECT_EQ(rwkvc_state_create(nullptr, nullptr), RWKVC_INVALID_ARGUMENT);
}
