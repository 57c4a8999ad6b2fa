//===- Gguf.cpp - The vocabulary inside of a gguf file --------------------===//
//
// llama.cpp keeps RWKV's as the escaped text of a Python bytes literal without its quotes. Types
// say which ids are no text: those of control, and unused ones that fill up the logits.
//
//===----------------------------------------------------------------------===//
#include "frontends/Files/ByteReader.h"
#include "frontends/Files/GgufMetadata.h"
#include "frontends/Files/Refusal.h"
#include "frontends/Vocabularies/PythonLiteral.h"
#include "frontends/Vocabularies/Vocabulary.h"

using namespace rwkvc;

/// tokenizer.ggml.token_type; 1 is text.
enum : int32_t { Unknown = 2, Control = 3, Unused = 5 };

static llvm::Expected<MetadataArray> arrayOf(const Checkpoint &checkpoint, llvm::StringRef key, uint32_t type,
                                             llvm::StringRef what) {
  auto found = checkpoint.arrays.find(key);
  if (found == checkpoint.arrays.end() || found->second.type != type)
    return refuse("it has no " + quoted(key) + " of " + what);
  return found->second;
}

static llvm::Error addTokens(Vocabulary &vocabulary, const MetadataArray &tokens, const MetadataArray &types) {
  ByteReader texts(tokens.elements), kinds(types.elements);
  if (tokens.count >= RWKVC_TOKENIZER_MOST_IDS)
    return refuse("it has " + llvm::Twine(tokens.count) + " tokens, but ids are below " +
                  llvm::Twine(RWKVC_TOKENIZER_MOST_IDS));
  if (types.count != tokens.count)
    return refuse("it has " + llvm::Twine(tokens.count) + " tokens, but types for " + llvm::Twine(types.count));
  vocabulary.texts.resize(tokens.count);
  for (uint64_t id = 0; id < tokens.count; ++id) {
    llvm::StringRef text = *readGgufString(texts);
    int32_t kind = *kinds.read<int32_t>();
    // Text never becomes the id that ends one.
    if (kind == Unknown || kind == Control || kind == Unused || static_cast<int64_t>(id) == vocabulary.end)
      continue;
    std::optional<std::string> bytes = parsePythonBytes(text);
    if (!bytes || bytes->empty())
      return refuse("token " + llvm::Twine(id) + " is " + quoted(text) + ", which is no escaped text");
    vocabulary.texts[id] = std::move(*bytes);
  }
  return llvm::Error::success();
}

llvm::Expected<std::optional<Vocabulary>> rwkvc::vocabularyOf(const Checkpoint &checkpoint) {
  auto model = checkpoint.metadata.find("tokenizer.ggml.model");
  if (checkpoint.container != "gguf" || model == checkpoint.metadata.end())
    return std::nullopt;
  if (model->second == "none")
    return std::nullopt;
  if (model->second != "rwkv")
    return refuse("it is of model " + quoted(model->second) + ", but only 'rwkv' is read from gguf files");
  constexpr uint32_t int32Type = 5, stringType = 8;
  llvm::Expected<MetadataArray> tokens = arrayOf(checkpoint, "tokenizer.ggml.tokens", stringType, "texts");
  if (!tokens)
    return tokens.takeError();
  llvm::Expected<MetadataArray> types = arrayOf(checkpoint, "tokenizer.ggml.token_type", int32Type, "32-bit numbers");
  if (!types)
    return types.takeError();
  Vocabulary vocabulary;
  vocabulary.kind = RWKVC_TOKENIZER_LONGEST_MATCH;
  vocabulary.end = 0;
  if (auto end = checkpoint.metadata.find("tokenizer.ggml.eos_token_id"); end != checkpoint.metadata.end())
    if (llvm::StringRef(end->second).getAsInteger(10, vocabulary.end) || vocabulary.end < 0 ||
        static_cast<uint64_t>(vocabulary.end) >= tokens->count)
      return refuse("its eos_token_id is " + quoted(end->second) + ", but it has " + llvm::Twine(tokens->count) +
                    " tokens");
  if (llvm::Error error = addTokens(vocabulary, *tokens, *types))
    return std::move(error);
  return std::move(vocabulary);
}
