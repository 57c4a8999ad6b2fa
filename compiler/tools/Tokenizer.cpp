//===- Tokenizer.cpp - Tokenizers for compile and tokenize ----------------===//
//
// What is embedded has been opened by the runtime before: a vocabulary that it would refuse is
// refused here.
//
//===----------------------------------------------------------------------===//
#include "compiler/tools/Tokenizer.h"
#include "compiler/tools/Verbs.h"
#include "frontends/Files/ByteReader.h"
#include "frontends/Files/Refusal.h"
#include "frontends/Vocabularies/Vocabulary.h"

using namespace rwkvc;

/// None if there is nothing to embed.
static llvm::Expected<std::optional<Vocabulary>> find(llvm::StringRef source, const Checkpoint &checkpoint) {
  if (source == "none")
    return std::nullopt;
  if (!source.empty()) {
    llvm::Expected<Vocabulary> vocabulary = readVocabulary(source);
    if (!vocabulary)
      return vocabulary.takeError();
    return std::move(*vocabulary);
  }
  llvm::Expected<std::optional<Vocabulary>> own = vocabularyOf(checkpoint);
  if (!own)
    return refuse("the checkpoint's own tokenizer cannot be used: " + llvm::toString(own.takeError()) +
                  "; --tokenizer=none compiles without it");
  return own;
}

llvm::Expected<std::string> rwkvc::tokenizerFor(llvm::StringRef source, const Checkpoint &checkpoint,
                                                const ModelInfo &model) {
  llvm::Expected<std::optional<Vocabulary>> vocabulary = find(source, checkpoint);
  if (!vocabulary)
    return vocabulary.takeError();
  if (!*vocabulary)
    return "";
  std::string name = source.empty() ? "the checkpoint's own tokenizer" : "the tokenizer " + quotedPath(source);
  size_t ids = (*vocabulary)->texts.size();
  if (ids > static_cast<uint64_t>(model.vocabulary))
    return refuse(name + " has " + llvm::Twine(ids) + " ids, but the model has logits for " +
                  llvm::Twine(model.vocabulary));
  llvm::Expected<std::string> packed = pack(**vocabulary);
  if (!packed)
    return packed.takeError();
  rwkvc_tokenizer_t *tokenizer = nullptr;
  if (rwkvc_status_t status = rwkvc_tokenizer_create(packed->data(), packed->size(), &tokenizer))
    return refuse(name + " is not usable: " + rwkvc_status_message(status));
  rwkvc_tokenizer_release(tokenizer);
  return packed;
}

static std::string packOrFail(const std::string &source) {
  llvm::Expected<Vocabulary> vocabulary = readVocabulary(source);
  if (!vocabulary)
    fail(vocabulary.takeError());
  llvm::Expected<std::string> packed = pack(*vocabulary);
  if (!packed)
    fail(packed.takeError());
  return *packed;
}

static bool isForRuntime(const std::string &source) {
  if (source == "bytes")
    return false;
  llvm::Expected<bool> module = isModule(source);
  if (!module)
    fail(module.takeError());
  llvm::Expected<std::shared_ptr<MappedFile>> file = MappedFile::open(source);
  if (!file)
    fail(file.takeError());
  return *module || asText((*file)->bytes()).starts_with(RWKVC_TOKENIZER_MAGIC);
}

static OpenedTokenizer openAny(const std::string &source) {
  return isForRuntime(source) ? openTokenizer(source) : openPackedTokenizer(packOrFail(source));
}

TokenizerSource rwkvc::tokenizerSource() {
  return {"A vocabulary, a gguf file with one, a module, or the word bytes", openAny, packOrFail};
}
