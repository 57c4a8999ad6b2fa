// An index of shards. Files lie beside it, and beside a descriptor lie the others: shards are named 500 and 501.
#include "test/fuzz/FuzzedCheckpoint.h"
#include "test/fuzz/FuzzedFile.h"

#include <string>
#include <unistd.h>

// Of one tensor, two floats.
static void makeShard(int descriptor, const char *tensor) {
  std::string header = std::string("{\"") + tensor + R"(":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
  header.resize((header.size() + 7) / 8 * 8, ' ');
  uint64_t size = header.size();
  std::string file = std::string(reinterpret_cast<const char *>(&size), sizeof(size)) + header + std::string(8, '\0');
  fuzz::FuzzedFile shard(file.data(), file.size());
  fuzz::demand(dup2(std::stoi(shard.path().substr(shard.path().rfind('/') + 1)), descriptor) == descriptor);
}

extern "C" int LLVMFuzzerInitialize(int *, char ***) {
  makeShard(500, "a");
  makeShard(501, "b");
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  fuzz::readCheckpoint(bytes, size, "an index of shards", rwkvc::looksLikeIndex, rwkvc::readIndex);
  return 0;
}
