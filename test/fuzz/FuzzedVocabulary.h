// What a vocabulary's reader accepts is packed, opened by the runtime, and cuts texts that come back whole.
#ifndef TEST_FUZZ_FUZZEDVOCABULARY_H
#define TEST_FUZZ_FUZZEDVOCABULARY_H

#include "frontends/Vocabularies/Vocabulary.h"

namespace fuzz {

void tryVocabulary(llvm::Expected<std::optional<rwkvc::Vocabulary>> vocabulary);

} // namespace fuzz

#endif // TEST_FUZZ_FUZZEDVOCABULARY_H
