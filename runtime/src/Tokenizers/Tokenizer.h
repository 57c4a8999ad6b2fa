// What the kinds of tokenizers share. A kind says how text becomes ids; that ids become text is the same for all.
#ifndef RUNTIME_SRC_TOKENIZERS_TOKENIZER_H
#define RUNTIME_SRC_TOKENIZERS_TOKENIZER_H

#include "runtime/include/rwkvc/tokenizer.h"
#include "runtime/src/Tokenizers/PackedForm.h"
#include "runtime/src/Tokenizers/Trie.h"

#include <memory>
#include <vector>

namespace rwkvc {

// Ids as a caller's array takes them: those beyond its room are only counted.
struct TokenSink {
  int32_t *tokens;
  uint64_t capacity;
  uint64_t count = 0;

  void put(uint32_t id) {
    if (count < capacity)
      tokens[count] = static_cast<int32_t>(id);
    ++count;
  }
  void put(const uint32_t *ids, uint64_t some) {
    for (uint64_t i = 0; i < some; ++i)
      put(ids[i]);
  }
};

// "byte 0xff at offset 12 of the text is in no token"
rwkvc_status_t refuseByte(uint8_t byte, uint64_t offset);

// Refuses two ids with the same text.
rwkvc_status_t buildTrie(Trie &trie, std::vector<Trie::Key> keys);

using TokenizerHandle = std::unique_ptr<rwkvc_tokenizer>;

// One maker a kind. What `form` looks at outlives what is made.
rwkvc_status_t makeBytes(const PackedForm &form, TokenizerHandle &out);
rwkvc_status_t makeLongestMatch(const PackedForm &form, TokenizerHandle &out);
rwkvc_status_t makeBpe(const PackedForm &form, TokenizerHandle &out);

// `packed` outlives the tokenizer.
rwkvc_status_t makeTokenizer(const void *packed, uint64_t bytes, TokenizerHandle &out);

} // namespace rwkvc

struct rwkvc_tokenizer {
  explicit rwkvc_tokenizer(const rwkvc::PackedForm &form) : form(form) {}
  virtual ~rwkvc_tokenizer() = default;

  virtual const char *kind() const = 0;
  virtual std::string_view text(uint32_t id) const { return form.text(id); }

  // False only if `encode` cannot refuse the text.
  virtual bool mayRefuse(std::string_view text) const = 0;
  virtual rwkvc_status_t encode(std::string_view text, rwkvc::TokenSink &sink) const = 0;

  rwkvc::PackedForm form;
  std::vector<uint8_t> copied; // what `form` looks at, if that is not the caller's
};

#endif // RUNTIME_SRC_TOKENIZERS_TOKENIZER_H
