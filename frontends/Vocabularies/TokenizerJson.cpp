//===- TokenizerJson.cpp - HuggingFace's tokenizer.json -------------------===//
//
// Byte-level BPE as GPT-NeoX has it. Whatever else such a file can ask for is refused by its name:
// a part that were ignored would give other ids without a word.
//
//===----------------------------------------------------------------------===//
#include "frontends/Files/JsonScan.h"
#include "frontends/Files/Refusal.h"
#include "frontends/Vocabularies/ByteLevel.h"
#include "frontends/Vocabularies/Formats.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/JSON.h"

using namespace rwkvc;
using llvm::Error;
using llvm::StringRef;
namespace json = llvm::json;

namespace {
class Reader {
public:
  llvm::Expected<Vocabulary> read(const json::Object &file);

private:
  Error checkParts(const json::Object &file);
  Error readAdded(const json::Object &file);
  Error readVocabulary(const json::Object &model);
  Error readMerges(const json::Object &model);
  Error readMerge(const json::Value &value, uint64_t rank);

  Vocabulary vocabulary;
  llvm::StringMap<uint32_t> ids; // by the text of model.vocab
};
} // namespace

/// Whether the value is absent, null, or what stands for it.
static bool isOff(const json::Value *value) {
  return !value || value->getAsNull() || value->getAsBoolean() == false || value->getAsString() == "" ||
         value->getAsNumber() == 0.0;
}

static StringRef typeOf(const json::Object *part) { return part ? part->getString("type").value_or("") : ""; }

static bool isByteLevel(const json::Object *part) {
  return typeOf(part) == "ByteLevel" && isOff(part->get("add_prefix_space")) &&
         part->getBoolean("use_regex").value_or(true);
}

Error Reader::checkParts(const json::Object &file) {
  const json::Object *model = file.getObject("model");
  if (!model || (typeOf(model) != "BPE" && model->get("type")))
    return refuse("its model is of type " + quoted(typeOf(model)) + ", but only BPE is read");
  for (StringRef name :
       {"dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix", "byte_fallback", "ignore_merges"})
    if (!isOff(model->get(name)))
      return refuse("its model has " + quoted(name) + ", which is not supported");
  if (!isByteLevel(file.getObject("pre_tokenizer")))
    return refuse("its pre_tokenizer is of type " + quoted(typeOf(file.getObject("pre_tokenizer"))) +
                  ", but only ByteLevel without a prefix space is supported");
  if (!isOff(file.get("normalizer"))) {
    if (typeOf(file.getObject("normalizer")) != "NFC")
      return refuse("its normalizer is of type " + quoted(typeOf(file.getObject("normalizer"))) +
                    ", but only NFC is supported");
    vocabulary.flags |= RWKVC_TOKENIZER_NFC;
  }
  if (!isOff(file.get("post_processor")) && typeOf(file.getObject("post_processor")) != "ByteLevel")
    return refuse("its post_processor is of type " + quoted(typeOf(file.getObject("post_processor"))) +
                  ", which adds ids of its own");
  if (typeOf(file.getObject("decoder")) != "ByteLevel")
    return refuse("its decoder is of type " + quoted(typeOf(file.getObject("decoder"))) +
                  ", but only ByteLevel is supported");
  return Error::success();
}

Error Reader::readAdded(const json::Object &file) {
  if (isOff(file.get("added_tokens")))
    return Error::success();
  const json::Array *list = file.getArray("added_tokens");
  if (!list)
    return refuse("its added_tokens are no list");
  for (const json::Value &value : *list) {
    const json::Object *token = value.getAsObject();
    std::optional<int64_t> id = token ? token->getInteger("id") : std::nullopt;
    std::optional<StringRef> content = token ? token->getString("content") : std::nullopt;
    if (!id || *id < 0 || !content || content->empty())
      return refuse("an added token has no id or no content");
    for (StringRef name : {"single_word", "lstrip", "rstrip"})
      if (!isOff(token->get(name)))
        return refuse("added token " + quoted(*content) + " has " + quoted(name) + ", which is not supported");
    if (Error error = vocabulary.set(*id, content->str()))
      return refuse("its added_tokens: " + llvm::toString(std::move(error)));
    bool special = token->getBoolean("special").value_or(false);
    bool normalized = token->getBoolean("normalized").value_or(!special);
    vocabulary.added.push_back({static_cast<uint32_t>(*id), normalized ? RWKVC_TOKENIZER_ADDED_NORMALIZED : 0});
    if (*content == "<|endoftext|>")
      vocabulary.end = *id;
  }
  return Error::success();
}

Error Reader::readVocabulary(const json::Object &model) {
  const json::Object *list = model.getObject("vocab");
  if (!list)
    return refuse("its model has no vocab");
  for (const auto &[key, value] : *list) {
    StringRef text = key;
    std::optional<int64_t> id = value.getAsInteger();
    if (!id || *id < 0)
      return refuse(quoted(text) + " of its vocab has no id");
    ids.try_emplace(text, *id);
    // An added token is often in the list as well, as it is written.
    if (static_cast<uint64_t>(*id) < vocabulary.texts.size() && vocabulary.texts[*id] == text)
      continue;
    std::optional<std::string> bytes = fromByteLevel(text);
    if (!bytes || bytes->empty())
      return refuse(quoted(text) + " of its vocab is not in the alphabet of bytes");
    if (Error error = vocabulary.set(*id, std::move(*bytes)))
      return refuse("its vocab " + llvm::toString(std::move(error)));
  }
  for (size_t id = 0; id < vocabulary.texts.size(); ++id)
    if (vocabulary.texts[id].empty())
      return refuse("it has ids up to " + llvm::Twine(vocabulary.texts.size() - 1) + ", but no id " + llvm::Twine(id));
  return Error::success();
}

Error Reader::readMerge(const json::Value &value, uint64_t rank) {
  StringRef left, right;
  if (std::optional<StringRef> pair = value.getAsString()) {
    std::tie(left, right) = pair->split(' ');
  } else if (const json::Array *two = value.getAsArray(); two && two->size() == 2) {
    left = (*two)[0].getAsString().value_or("");
    right = (*two)[1].getAsString().value_or("");
  }
  if (left.empty() || right.empty())
    return refuse("merge " + llvm::Twine(rank) + " is not a pair of texts");
  auto idOf = [&](StringRef text) -> llvm::Expected<uint32_t> {
    auto found = ids.find(text);
    if (found == ids.end())
      return refuse("merge " + llvm::Twine(rank) + " needs " + quoted(text) + ", which is not in its vocab");
    return found->second;
  };
  rwkvc_tokenizer_merge_t merge;
  for (auto [text, place] :
       {std::pair{left.str(), &merge.left}, {right.str(), &merge.right}, {(left + right).str(), &merge.result}}) {
    llvm::Expected<uint32_t> id = idOf(text);
    if (!id)
      return id.takeError();
    *place = *id;
  }
  vocabulary.merges.push_back(merge);
  return Error::success();
}

Error Reader::readMerges(const json::Object &model) {
  const json::Array *list = model.getArray("merges");
  if (!list)
    return refuse("its model has no merges");
  for (size_t rank = 0; rank < list->size(); ++rank)
    if (Error error = readMerge((*list)[rank], rank))
      return error;
  return Error::success();
}

llvm::Expected<Vocabulary> Reader::read(const json::Object &file) {
  vocabulary.kind = RWKVC_TOKENIZER_BPE;
  if (Error error = checkParts(file))
    return std::move(error);
  if (Error error = readAdded(file))
    return std::move(error);
  const json::Object &model = *file.getObject("model");
  if (Error error = readVocabulary(model))
    return std::move(error);
  if (Error error = readMerges(model))
    return std::move(error);
  return std::move(vocabulary);
}

bool rwkvc::looksLikeTokenizerJson(StringRef text) { return text.ltrim().starts_with("{"); }

llvm::Expected<Vocabulary> rwkvc::readTokenizerJson(StringRef text) {
  constexpr int mostDepth = 32;
  if (llvm::Expected<size_t> keys = scanJson(text, mostDepth); !keys)
    return keys.takeError();
  llvm::Expected<json::Value> value = json::parse(text);
  if (!value)
    return refuse("it is no JSON: " + printable(llvm::toString(value.takeError())));
  const json::Object *file = value->getAsObject();
  if (!file || !file->get("model"))
    return refuse("it is JSON without a 'model'");
  return Reader().read(*file);
}
