// The value of --weights.
#include "dialects/Quant/Mixture.h"

#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  std::vector<char> copy(bytes, bytes + size);
  llvm::Expected<rwkvc::weight::Mixture> mixture = rwkvc::weight::Mixture::parse({copy.data(), copy.size()});
  if (!mixture)
    llvm::consumeError(mixture.takeError());
  return 0;
}
