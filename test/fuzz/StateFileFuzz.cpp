// A saved state, damaged. The first byte says which hashes are made right again, so that what they guard is reached.
#include "runtime/include/rwkvc/rwkvc.h"
#include "test/fuzz/FuzzedFile.h"
#include "test/runtime/FakeModule.h"

#include <cstring>

// Places of runtime/README.md: the hash of the floats, the hash of the header before it, the floats.
static constexpr size_t floatsHashAt = 72, headerHashAt = 80, headerBytes = 88;

static void putHash(std::string &file, size_t at, const char *begin, size_t size) {
  uint64_t hash = XXH3_64bits(begin, size);
  memcpy(file.data() + at, &hash, sizeof(hash));
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  static fake::Model &model = *new fake::Model(fake::load(fake::sealedFile("fake")));
  static fake::State &state = *new fake::State(fake::newState(model));
  if (size == 0)
    return 0;
  std::string file(reinterpret_cast<const char *>(bytes) + 1, size - 1);
  if (file.size() >= headerBytes && bytes[0] & 1)
    putHash(file, floatsHashAt, file.data() + headerBytes, file.size() - headerBytes);
  if (file.size() >= headerBytes && bytes[0] & 2)
    putHash(file, headerHashAt, file.data(), headerHashAt);
  fuzz::FuzzedFile fuzzed(file.data(), file.size());
  rwkvc_state_reset(state.get());
  std::vector<float> fresh = fake::floatsOf(state);
  bool loaded = rwkvc_state_load(state.get(), fuzzed.path().c_str()) == RWKVC_OK;
  fuzz::demand(loaded ? file.size() == headerBytes + fresh.size() * sizeof(float) : fake::floatsOf(state) == fresh);
  return 0;
}
