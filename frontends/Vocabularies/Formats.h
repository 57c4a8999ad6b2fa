//===- Formats.h - One recogniser and one reader per format -----*- C++ -*-===//
//
// Readers' sentences do not name the file: readVocabulary does.
//
//===----------------------------------------------------------------------===//
#ifndef FRONTENDS_VOCABULARIES_FORMATS_H
#define FRONTENDS_VOCABULARIES_FORMATS_H

#include "frontends/Vocabularies/Vocabulary.h"

namespace rwkvc {

/// RWKV's World vocabulary: a line for each id, with a Python literal and its length in bytes.
bool looksLikeWorld(llvm::StringRef text);
llvm::Expected<Vocabulary> readWorld(llvm::StringRef text);

/// HuggingFace's tokenizer.json with a byte-level BPE: GPT-NeoX 20B's, for RWKV-4 models of the Pile.
bool looksLikeTokenizerJson(llvm::StringRef text);
llvm::Expected<Vocabulary> readTokenizerJson(llvm::StringRef text);

} // namespace rwkvc

#endif // FRONTENDS_VOCABULARIES_FORMATS_H
