#include "test/fuzz/FuzzedVocabulary.h"

#include "test/fuzz/FuzzedFile.h"
#include "test/fuzz/FuzzedTokenizer.h"

using namespace rwkvc;

void fuzz::tryVocabulary(llvm::Expected<std::optional<Vocabulary>> vocabulary) {
  if (!vocabulary) {
    demand(llvm::toString(vocabulary.takeError()).find('\n') == std::string::npos);
    return;
  }
  if (!*vocabulary)
    return;
  llvm::Expected<std::string> packed = pack(**vocabulary);
  if (!packed)
    return llvm::consumeError(packed.takeError());
  std::string text = "a  b's \xc3\xa9\xcc\x81 0\n";
  for (const std::string &one : (*vocabulary)->texts)
    if (text.size() < 4096)
      text += one;
  tryTokenizer(*packed, text);
}
