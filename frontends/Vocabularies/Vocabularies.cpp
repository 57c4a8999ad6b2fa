//===- Vocabularies.cpp - The list of vocabulary formats ------------------===//
//
// Formats are told apart by content. To add one, write its reader and add a line to the list.
//
//===----------------------------------------------------------------------===//
#include "frontends/Files/ByteReader.h"
#include "frontends/Files/Formats.h"
#include "frontends/Files/Refusal.h"
#include "frontends/Vocabularies/Formats.h"

using namespace rwkvc;

namespace {
struct Format {
  const char *name;
  bool (*looksLike)(llvm::StringRef text);
  llvm::Expected<Vocabulary> (*read)(llvm::StringRef text);
};
} // namespace

static constexpr Format formats[] = {
    {"a World vocabulary", looksLikeWorld, readWorld},
    {"a tokenizer.json", looksLikeTokenizerJson, readTokenizerJson},
};

llvm::Error Vocabulary::set(uint64_t id, std::string text) {
  if (id >= RWKVC_TOKENIZER_MOST_IDS)
    return refuse("has id " + llvm::Twine(id) + ", but ids are below " + llvm::Twine(RWKVC_TOKENIZER_MOST_IDS));
  if (id >= texts.size())
    texts.resize(id + 1);
  if (!texts[id].empty())
    return refuse("has id " + llvm::Twine(id) + ", which is " + quoted(texts[id]) + " already");
  texts[id] = std::move(text);
  return llvm::Error::success();
}

static Vocabulary bytesVocabulary() {
  Vocabulary vocabulary;
  vocabulary.end = 0;
  vocabulary.texts.resize(256);
  return vocabulary;
}

static llvm::Expected<Vocabulary> readFromGguf(llvm::StringRef path) {
  llvm::Expected<Checkpoint> checkpoint = openCheckpoint(path);
  if (!checkpoint)
    return checkpoint.takeError();
  llvm::Expected<std::optional<Vocabulary>> vocabulary = vocabularyOf(*checkpoint);
  if (!vocabulary)
    return refuse("cannot read the vocabulary of " + quotedPath(path) + ": " + llvm::toString(vocabulary.takeError()));
  if (!*vocabulary)
    return refuse(quotedPath(path) + " is a gguf file without a vocabulary");
  return std::move(**vocabulary);
}

llvm::Expected<Vocabulary> rwkvc::readVocabulary(llvm::StringRef source) {
  if (source == "bytes")
    return bytesVocabulary();
  llvm::Expected<std::shared_ptr<MappedFile>> file = MappedFile::open(source);
  if (!file)
    return file.takeError();
  if (looksLikeGguf((*file)->bytes()))
    return readFromGguf(source);
  llvm::StringRef text = asText((*file)->bytes());
  for (const Format &format : formats) {
    if (!format.looksLike(text))
      continue;
    llvm::Expected<Vocabulary> vocabulary = format.read(text);
    if (!vocabulary)
      return refuse("cannot read " + quotedPath(source) + " as " + format.name + ": " +
                    llvm::toString(vocabulary.takeError()));
    return vocabulary;
  }
  return refuse("cannot read " + quotedPath(source) +
                ": it is none of a World vocabulary, a tokenizer.json and a gguf file");
}
