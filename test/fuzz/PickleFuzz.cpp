// The pickle alone, in an archive that is right: mutations of a whole archive mostly break its directory.
#include "test/fuzz/FuzzedCheckpoint.h"

#include <string>

namespace {
// A zip archive of stored entries. Checksums are not looked at.
class Archive {
public:
  void add(const std::string &name, const std::string &content) {
    std::string sizes = number(content.size(), 4) + number(content.size(), 4) + number(name.size(), 2);
    directory += "PK\x01\x02" + std::string(12, '\0') + number(0, 4) + sizes + std::string(12, '\0') +
                 number(bytes.size(), 4) + name;
    bytes += "PK\x03\x04" + std::string(10, '\0') + number(0, 4) + sizes + number(0, 2) + name + content;
    ++entries;
  }
  std::string finish() const {
    return bytes + directory + "PK\x05\x06" + number(0, 4) + number(entries, 2) + number(entries, 2) +
           number(directory.size(), 4) + number(bytes.size(), 4) + number(0, 2);
  }

private:
  static std::string number(uint64_t value, int size) {
    std::string text;
    for (int i = 0; i < size; ++i)
      text += static_cast<char>(value >> 8 * i);
    return text;
  }

  std::string bytes, directory;
  uint64_t entries = 0;
};
} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  Archive archive;
  archive.add("m/data.pkl", {reinterpret_cast<const char *>(bytes), size});
  archive.add("m/data/0", std::string(256, '\x3c'));
  archive.add("m/data/1", std::string(40, '\x3d'));
  std::string file = archive.finish();
  fuzz::readCheckpoint(reinterpret_cast<const uint8_t *>(file.data()), file.size(), "pth", rwkvc::looksLikePth,
                       rwkvc::readPth);
  return 0;
}
