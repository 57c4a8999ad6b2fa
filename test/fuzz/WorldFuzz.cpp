#include "frontends/Vocabularies/Formats.h"
#include "test/fuzz/FuzzedVocabulary.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  // A copy of exactly that size, so that a read behind it is found.
  std::vector<char> copy(bytes, bytes + size);
  llvm::StringRef text(copy.data(), copy.size());
  if (rwkvc::looksLikeWorld(text))
    fuzz::tryVocabulary(rwkvc::readWorld(text));
  return 0;
}
