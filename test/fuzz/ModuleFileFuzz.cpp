// A module's file, damaged: bytes are replaced, the end is cut off or replaced by the input's rest. The trailer's own
// hash is made right again, the image's never: what is executed is the image that was sealed, or nothing.
#include "test/fuzz/FuzzedFile.h"
#include "test/runtime/FakeModule.h"

#include <fuzzer/FuzzedDataProvider.h>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  static const std::string &whole = *new std::string(fake::seal(fake::partsOf("fake")));
  FuzzedDataProvider in(bytes, size);
  std::string file = whole;
  for (int i = in.ConsumeIntegralInRange(0, 4); i > 0; --i)
    file[file.size() - 1 - in.ConsumeIntegralInRange<size_t>(0, file.size() - 1)] ^= in.ConsumeIntegral<char>();
  size_t kept = in.ConsumeBool() ? in.ConsumeIntegralInRange<size_t>(0, file.size()) : file.size();
  bool resealed = in.ConsumeBool();
  file.resize(kept);
  rwkvc_trailer_t trailer;
  if (file.size() >= sizeof(trailer)) {
    std::string end = in.ConsumeRandomLengthString(sizeof(trailer));
    file.replace(file.size() - sizeof(trailer), end.size(), end);
    trailer = fake::trailerOf(file);
    if (resealed)
      fake::resealTrailer(file, trailer);
  }
  fuzz::FuzzedFile fuzzed(file.data(), file.size());
  rwkvc_model_t *model = nullptr;
  if (rwkvc_model_load(fuzzed.path().c_str(), &model) == RWKVC_OK) {
    // What the hashes cover is as it was.
    rwkvc_trailer_t was = fake::trailerOf(whole), is = fake::trailerOf(file);
    fuzz::demand(is.image_bytes == was.image_bytes && is.image_hash == was.image_hash);
    fuzz::demand(rwkvc_model_verify(model) == RWKVC_OK);
  }
  rwkvc_model_release(model);
  return 0;
}
