#include "test/fuzz/FuzzedTokenizer.h"

#include "runtime/abi/rwkvc_tokenizer.h"
#include "runtime/include/rwkvc/tokenizer.h"
#include "test/fuzz/FuzzedFile.h"

#include <cstring>
#include <string>
#include <vector>

static bool normalises(std::string_view packed) {
  rwkvc_tokenizer_header_t header;
  memcpy(&header, packed.data(), sizeof(header));
  return header.flags & RWKVC_TOKENIZER_NFC;
}

static void cut(const rwkvc_tokenizer_t *tokenizer, std::string_view text, bool isExact) {
  uint64_t count = 0, again = 0, bytes = 0;
  if (rwkvc_tokenizer_encode(tokenizer, text.data(), text.size(), nullptr, 0, &count))
    return;
  std::vector<int32_t> ids(count);
  fuzz::demand(rwkvc_tokenizer_encode(tokenizer, text.data(), text.size(), ids.data(), count, &again) == RWKVC_OK);
  fuzz::demand(again == count);
  bool hasEnd = false;
  for (int32_t id : ids) {
    fuzz::demand(id >= 0 && static_cast<uint32_t>(id) < rwkvc_tokenizer_size(tokenizer));
    hasEnd |= id == rwkvc_tokenizer_end(tokenizer);
  }
  fuzz::demand(rwkvc_tokenizer_decode(tokenizer, ids.data(), count, nullptr, 0, &bytes) == RWKVC_OK);
  std::string back(bytes, '\0');
  fuzz::demand(rwkvc_tokenizer_decode(tokenizer, ids.data(), count, back.data(), bytes, &bytes) == RWKVC_OK);
  fuzz::demand(!isExact || hasEnd || back == text);
}

void fuzz::tryTokenizer(std::string_view packed, std::string_view text) {
  rwkvc_tokenizer_t *tokenizer = nullptr;
  if (rwkvc_tokenizer_create(packed.data(), packed.size(), &tokenizer))
    return;
  cut(tokenizer, text, !normalises(packed));
  rwkvc_tokenizer_release(tokenizer);
}
