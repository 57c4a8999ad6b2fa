#include "test/fuzz/FuzzedCheckpoint.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  fuzz::readCheckpoint(bytes, size, "gguf", rwkvc::looksLikeGguf, rwkvc::readGguf);
  return 0;
}
