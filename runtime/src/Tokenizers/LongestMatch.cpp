// Kind `longest-match`, RWKV's World tokenizer: at each place the longest id that the text goes on with.
#include "runtime/src/Tokenizers/Tokenizer.h"

#include <bitset>

using namespace rwkvc;

namespace {

struct LongestMatch : rwkvc_tokenizer {
  using rwkvc_tokenizer::rwkvc_tokenizer;

  const char *kind() const override { return "longest-match"; }

  bool mayRefuse(std::string_view) const override { return !allBytes; }

  rwkvc_status_t encode(std::string_view text, TokenSink &sink) const override {
    auto begin = reinterpret_cast<const uint8_t *>(text.data()), end = begin + text.size();
    for (const uint8_t *at = begin; at < end;) {
      Trie::Match match = trie.longest(at, end);
      if (match.length == 0)
        return refuseByte(*at, static_cast<uint64_t>(at - begin));
      sink.put(match.id);
      at += match.length;
    }
    return RWKVC_OK;
  }

  Trie trie;
  bool allBytes = false; // each alone is an id
};

} // namespace

rwkvc_status_t rwkvc::makeLongestMatch(const PackedForm &form, TokenizerHandle &out) {
  auto tokenizer = std::make_unique<LongestMatch>(form);
  std::vector<Trie::Key> keys;
  std::bitset<256> single;
  for (uint32_t id = 0; id < form.header().size; ++id) {
    std::string_view text = form.text(id);
    if (!text.empty())
      keys.push_back({text, id});
    if (text.size() == 1)
      single.set(static_cast<uint8_t>(text[0]));
  }
  if (rwkvc_status_t status = buildTrie(tokenizer->trie, std::move(keys)))
    return status;
  tokenizer->allBytes = single.all();
  out = std::move(tokenizer);
  return RWKVC_OK;
}
