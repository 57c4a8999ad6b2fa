// Kind `bytes`: an id is its byte, except for 0, which ends a text and is no byte.
#include "runtime/src/Status.h"
#include "runtime/src/Tokenizers/Tokenizer.h"

#include <array>

using namespace rwkvc;

namespace {

constexpr std::array<char, 256> allBytes = [] {
  std::array<char, 256> bytes{};
  for (int i = 0; i < 256; ++i)
    bytes[i] = static_cast<char>(i);
  return bytes;
}();

struct BytesTokenizer : rwkvc_tokenizer {
  using rwkvc_tokenizer::rwkvc_tokenizer;

  const char *kind() const override { return "bytes"; }

  std::string_view text(uint32_t id) const override { return {allBytes.data() + id, id == 0 ? 0u : 1u}; }

  bool mayRefuse(std::string_view text) const override { return text.find('\0') != text.npos; }

  rwkvc_status_t encode(std::string_view text, TokenSink &sink) const override {
    for (uint64_t i = 0; i < text.size(); ++i) {
      auto byte = static_cast<uint8_t>(text[i]);
      if (byte == 0)
        return refuseByte(byte, i);
      sink.put(byte);
    }
    return RWKVC_OK;
  }
};

} // namespace

rwkvc_status_t rwkvc::makeBytes(const PackedForm &form, TokenizerHandle &out) {
  if (form.header().end != 0)
    return fail(RWKVC_CORRUPTED, "a tokenizer of bytes ends texts by id 0, not by %d", form.header().end);
  out = std::make_unique<BytesTokenizer>(form);
  return RWKVC_OK;
}
