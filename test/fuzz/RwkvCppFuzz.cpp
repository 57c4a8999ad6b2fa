#include "test/fuzz/FuzzedCheckpoint.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  fuzz::readCheckpoint(bytes, size, "rwkv.cpp", rwkvc::looksLikeRwkvCpp, rwkvc::readRwkvCpp);
  return 0;
}
