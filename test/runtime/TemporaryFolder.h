// A folder of a test's own, which goes away with it.
#ifndef TEST_RUNTIME_TEMPORARYFOLDER_H
#define TEST_RUNTIME_TEMPORARYFOLDER_H

#include <filesystem>
#include <string>
#include <unistd.h>

namespace rwkvc {

class TemporaryFolder {
public:
  TemporaryFolder() {
    static int count = 0;
    std::string name = "rwkvc-test-" + std::to_string(getpid()) + "-" + std::to_string(count++);
    folder = (std::filesystem::temp_directory_path() / name).string();
    std::filesystem::remove_all(folder); // of a process with this number that was killed
    std::filesystem::create_directory(folder);
  }
  TemporaryFolder(const TemporaryFolder &) = delete;
  TemporaryFolder &operator=(const TemporaryFolder &) = delete;
  ~TemporaryFolder() { std::filesystem::remove_all(folder); }

  const std::string &path() const { return folder; }

private:
  std::string folder;
};

} // namespace rwkvc

#endif // TEST_RUNTIME_TEMPORARYFOLDER_H
