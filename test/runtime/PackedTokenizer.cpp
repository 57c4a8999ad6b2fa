// The order of the parts is that of runtime/abi/rwkvc_tokenizer.h.
#include "test/runtime/PackedTokenizer.h"

using namespace fake;

template <typename T> static void append(std::string &out, const T &value) {
  out.append(reinterpret_cast<const char *>(&value), sizeof(value));
}

std::string PackedTokenizer::packed() const {
  std::string rest, text;
  for (const rwkvc_tokenizer_merge_t &merge : merges)
    append(rest, merge);
  for (const rwkvc_tokenizer_added_t &one : added)
    append(rest, one);
  if (!texts.empty())
    append(rest, 0);
  for (const std::string &one : texts) {
    text += one;
    append(rest, static_cast<uint32_t>(text.size()));
  }
  rwkvc_tokenizer_header_t header = head;
  if (!texts.empty() && header.size == 256)
    header.size = static_cast<uint32_t>(texts.size());
  if (header.text_bytes == 0)
    header.text_bytes = static_cast<uint32_t>(text.size());
  if (header.merge_count == 0)
    header.merge_count = static_cast<uint32_t>(merges.size());
  if (header.added_count == 0)
    header.added_count = static_cast<uint32_t>(added.size());
  header.bytes += sizeof(header) + rest.size() + text.size();
  std::string whole;
  append(whole, header);
  return whole + rest + text;
}

PackedTokenizer fake::world() {
  PackedTokenizer form;
  form.head.kind = RWKVC_TOKENIZER_LONGEST_MATCH;
  form.texts = {"", "a", "b", "c", "abc", "ab", ""};
  return form;
}

PackedTokenizer fake::bpe() {
  PackedTokenizer form;
  form.head.kind = RWKVC_TOKENIZER_BPE;
  form.head.flags = RWKVC_TOKENIZER_NFC;
  form.texts = {"", "a", "b", "ab", "aa", "aaaa", "<x>"};
  form.merges = {{1, 2, 3}, {1, 1, 4}, {4, 4, 5}};
  form.added = {{6, RWKVC_TOKENIZER_ADDED_NORMALIZED}};
  return form;
}

Tokenizer fake::makeTokenizer(const PackedTokenizer &form) {
  std::string packed = form.packed();
  rwkvc_tokenizer_t *tokenizer = nullptr;
  EXPECT_EQ(rwkvc_tokenizer_create(packed.data(), packed.size(), &tokenizer), RWKVC_OK)
      << rwkvc_status_message(RWKVC_CORRUPTED);
  return Tokenizer(tokenizer);
}

std::vector<int32_t> fake::encode(const Tokenizer &tokenizer, const std::string &text) {
  uint64_t count = 0;
  EXPECT_EQ(rwkvc_tokenizer_encode(tokenizer.get(), text.data(), text.size(), nullptr, 0, &count), RWKVC_OK);
  std::vector<int32_t> ids(count);
  EXPECT_EQ(rwkvc_tokenizer_encode(tokenizer.get(), text.data(), text.size(), ids.data(), ids.size(), &count),
            RWKVC_OK);
  return ids;
}

std::string fake::decode(const Tokenizer &tokenizer, const std::vector<int32_t> &ids) {
  uint64_t bytes = 0;
  EXPECT_EQ(rwkvc_tokenizer_decode(tokenizer.get(), ids.data(), ids.size(), nullptr, 0, &bytes), RWKVC_OK);
  std::string text(bytes, '\0');
  EXPECT_EQ(rwkvc_tokenizer_decode(tokenizer.get(), ids.data(), ids.size(), text.data(), text.size(), &bytes),
            RWKVC_OK);
  return text;
}
