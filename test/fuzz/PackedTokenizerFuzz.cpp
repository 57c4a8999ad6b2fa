// Up to the first 255 bytes, as the first byte says, are a text; the rest is the packed form of a tokenizer.
#include "test/fuzz/FuzzedTokenizer.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  if (size == 0)
    return 0;
  size_t textBytes = std::min<size_t>(bytes[0], size - 1);
  // Copies, so that a read behind either is found.
  std::vector<char> text(bytes + 1, bytes + 1 + textBytes), packed(bytes + 1 + textBytes, bytes + size);
  fuzz::tryTokenizer({packed.data(), packed.size()}, {text.data(), text.size()});
  return 0;
}
