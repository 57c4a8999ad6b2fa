// Whichever way a file gets its name: until then nobody sees it, and nothing is left beside it.
#include "runtime/host/NewFile.h"

#include "test/runtime/TemporaryFolder.h"

#include "gtest/gtest.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace rwkvc;

namespace {

using Create = std::optional<NewFile> (*)(const std::string &, mode_t, std::string &);

class NewFiles : public testing::TestWithParam<Create> {
protected:
  NewFiles() {
    path = folder + "/file";
  }

  std::optional<NewFile> create() {
    std::optional<NewFile> file = GetParam()(path, 0666, why);
    EXPECT_TRUE(file) << why;
    return file;
  }

  void save(const std::string &text) {
    std::optional<NewFile> file = create();
    EXPECT_TRUE(file->write(text.data(), text.size()));
    EXPECT_TRUE(file->keep());
  }

  std::string refusal(const std::string &at) {
    EXPECT_FALSE(GetParam()(at, 0666, why));
    return why;
  }

  std::string contents(const std::string &of) const {
    std::ifstream in(of, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }

  size_t filesInFolder() const {
    return std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator());
  }

  bool isNamed() const { return GetParam() == &NewFile::createNamed; }

  TemporaryFolder own;
  std::string folder = own.path(), path, why;
};

} // namespace

TEST_P(NewFiles, AppearWhole) {
  std::optional<NewFile> file = create();
  EXPECT_TRUE(file->write("ab", 2));
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_TRUE(file->write("c", 1));
  EXPECT_TRUE(file->keep());
  EXPECT_EQ(contents(path), "abc");
  EXPECT_EQ(filesInFolder(), 1u);
}

TEST_P(NewFiles, ReplaceWhatIsThere) {
  save("before");
  save("after");
  EXPECT_EQ(contents(path), "after");
  EXPECT_EQ(filesInFolder(), 1u);
}

TEST_P(NewFiles, GivenUpChangeNothing) {
  save("before");
  {
    NewFile file = *create(); // also when it was moved
    EXPECT_TRUE(file.write("after", 5));
    EXPECT_EQ(filesInFolder(), isNamed() ? 2u : 1u);
  }
  EXPECT_EQ(contents(path), "before");
  EXPECT_EQ(filesInFolder(), 1u);
}

TEST_P(NewFiles, HaveTheModeThatOpenGives) {
  mode_t before = umask(027);
  save("x");
  umask(before);
  struct stat about;
  ASSERT_EQ(stat(path.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, mode_t{0640});
}

TEST_P(NewFiles, RefuseWhatIsNoFile) {
  EXPECT_EQ(refusal(folder), "it is a directory");
  EXPECT_EQ(refusal("/dev/null"), "it is not a regular file");
  EXPECT_EQ(refusal(folder + "/absent/file"), "No such file or directory");
  save("x");
  EXPECT_EQ(refusal(path + "/below"), "Not a directory");
  ASSERT_EQ(mkfifo((folder + "/pipe").c_str(), 0600), 0);
  EXPECT_EQ(refusal(folder + "/pipe"), "it is not a regular file");
}

TEST_P(NewFiles, KeepFailsWherePathBecameAFolder) {
  std::optional<NewFile> file = create();
  std::filesystem::create_directory(path);
  EXPECT_FALSE(file->keep());
  EXPECT_EQ(errno, EISDIR);
  file.reset();
  EXPECT_EQ(filesInFolder(), 1u);
}

// Another container's process of the same number, or what one left that was killed.
TEST_P(NewFiles, TakeNoNameThatIsTaken) {
  save("first");
  std::vector<std::string> others;
  for (int i = 0; i < 1000; ++i) {
    others.push_back(folder + "/.rwkvc-" + std::to_string(getpid()) + "-" + std::to_string(i) + ".tmp");
    std::ofstream(others.back()) << "theirs";
  }
  save("second");
  EXPECT_EQ(contents(path), "second");
  EXPECT_EQ(filesInFolder(), 1001u);
  for (const std::string &other : others)
    EXPECT_EQ(contents(other), "theirs");
}

TEST_P(NewFiles, OfManyThreadsOneWins) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([this, i] {
      for (int round = 0; round < 50; ++round) {
        std::string unused;
        std::optional<NewFile> file = GetParam()(path, 0666, unused);
        std::string text(1000, static_cast<char>('a' + i));
        EXPECT_TRUE(file && file->write(text.data(), text.size()) && file->keep());
      }
    });
  for (std::thread &thread : threads)
    thread.join();
  std::string text = contents(path);
  EXPECT_EQ(text, std::string(1000, text[0]));
  EXPECT_EQ(filesInFolder(), 1u);
}

INSTANTIATE_TEST_SUITE_P(With, NewFiles, testing::Values(&NewFile::create, &NewFile::createNamed),
                         [](const auto &info) { return info.index == 0 ? "NoName" : "AName"; });
