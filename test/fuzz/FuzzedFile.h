// The bytes of one execution as a file without a name: readers take a path or a mapping.
#ifndef TEST_FUZZ_FUZZEDFILE_H
#define TEST_FUZZ_FUZZEDFILE_H

#include <cstddef>
#include <cstdint>
#include <string>

namespace fuzz {

class FuzzedFile {
public:
  FuzzedFile(const void *bytes, size_t size);
  FuzzedFile(const FuzzedFile &) = delete;
  ~FuzzedFile();

  const std::string &path() const { return name; }

private:
  int descriptor;
  std::string name; // "/proc/self/fd/5"
};

// Ends the process, as a sanitizer does, if a promise is broken.
inline void demand(bool kept) {
  if (!kept)
    __builtin_trap();
}

} // namespace fuzz

#endif // TEST_FUZZ_FUZZEDFILE_H
