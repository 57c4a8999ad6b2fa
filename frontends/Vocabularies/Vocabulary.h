//===- Vocabulary.h - What every tokenizer's source becomes -----*- C++ -*-===//
//
// Ids, their bytes, and how text is cut into them. The runtime does the cutting: here a source is
// only read, checked and packed for it.
//
//===----------------------------------------------------------------------===//
#ifndef FRONTENDS_VOCABULARIES_VOCABULARY_H
#define FRONTENDS_VOCABULARIES_VOCABULARY_H

#include "frontends/Files/Checkpoint.h"
#include "runtime/abi/rwkvc_tokenizer.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <optional>
#include <string>
#include <vector>

namespace rwkvc {

struct Vocabulary {
  uint32_t kind = RWKVC_TOKENIZER_BYTES;
  uint32_t flags = 0;
  int32_t end = -1;
  std::vector<std::string> texts; // by id; empty for an id without text. Kind `bytes` has 256 that nobody reads
  std::vector<rwkvc_tokenizer_merge_t> merges;
  std::vector<rwkvc_tokenizer_added_t> added;

  /// Makes `text` the bytes of `id`; refuses an id that is too large or has a text already.
  llvm::Error set(uint64_t id, std::string text);
};

/// Reads "bytes", a file of any known format, or the vocabulary inside of a gguf checkpoint.
/// Errors are one sentence that names the file.
llvm::Expected<Vocabulary> readVocabulary(llvm::StringRef source);

/// The vocabulary that a checkpoint carries; none if it has none. Errors do not name the file.
llvm::Expected<std::optional<Vocabulary>> vocabularyOf(const Checkpoint &checkpoint);

/// The packed form of rwkvc_tokenizer.h.
llvm::Expected<std::string> pack(const Vocabulary &vocabulary);

} // namespace rwkvc

#endif // FRONTENDS_VOCABULARIES_VOCABULARY_H
