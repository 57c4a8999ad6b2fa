// A packed tokenizer that the runtime opens: ids of a text are in range and give the text back.
#ifndef TEST_FUZZ_FUZZEDTOKENIZER_H
#define TEST_FUZZ_FUZZEDTOKENIZER_H

#include <string_view>

namespace fuzz {

void tryTokenizer(std::string_view packed, std::string_view text);

} // namespace fuzz

#endif // TEST_FUZZ_FUZZEDTOKENIZER_H
