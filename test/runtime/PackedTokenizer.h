// Packed tokenizers for unit tests, written from the description of the form. Header fields that are not 0 by then
// are left as they are, so that a test can make them lie.
#ifndef TEST_RUNTIME_PACKEDTOKENIZER_H
#define TEST_RUNTIME_PACKEDTOKENIZER_H

#include "runtime/abi/rwkvc_tokenizer.h"
#include "runtime/include/rwkvc/tokenizer.h"
#include "test/runtime/FakeModule.h"

#include <string>
#include <vector>

namespace fake {

struct PackedTokenizer {
  rwkvc_tokenizer_header_t head = {{'R', 'W', 'K', 'V', 'C', 'T', 'O', 'K'}, 1, 0, 0, 256, 0, 0, 0, 0, 0};
  std::vector<rwkvc_tokenizer_merge_t> merges;
  std::vector<rwkvc_tokenizer_added_t> added;
  std::vector<std::string> texts;

  std::string packed() const;
};

// Of kind `bytes` as it is; ids 0 and 6 of these have no text.
PackedTokenizer world(); // a, b, c, abc, ab

// a, b, ab, aa, aaaa; 6 is <x>, added; NFC; no other byte. 0 ends a text.
PackedTokenizer bpe();

using Tokenizer = std::unique_ptr<rwkvc_tokenizer_t, Release<rwkvc_tokenizer_release>>;
Tokenizer makeTokenizer(const PackedTokenizer &form);
std::vector<int32_t> encode(const Tokenizer &tokenizer, const std::string &text);
std::string decode(const Tokenizer &tokenizer, const std::vector<int32_t> &ids);

} // namespace fake

#endif // TEST_RUNTIME_PACKEDTOKENIZER_H
