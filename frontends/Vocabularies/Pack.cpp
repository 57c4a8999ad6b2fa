//===- Pack.cpp - Vocabularies in the form that modules embed -------------===//
//
// What the runtime finds wrong with the result is for it to say: it checks all of it anyway.
//
//===----------------------------------------------------------------------===//
#include "frontends/Files/Refusal.h"
#include "frontends/Vocabularies/Vocabulary.h"
#include <bit>
#include <cstring>

using namespace rwkvc;

static_assert(std::endian::native == std::endian::little, "the packed form is written as the machine has it");

template <typename T> static void append(std::string &out, const T &value) {
  out.append(reinterpret_cast<const char *>(&value), sizeof(value));
}

llvm::Expected<std::string> rwkvc::pack(const Vocabulary &vocabulary) {
  bool table = vocabulary.kind != RWKVC_TOKENIZER_BYTES;
  uint64_t textBytes = 0;
  for (const std::string &text : vocabulary.texts)
    textBytes += text.size();
  if (textBytes > RWKVC_TOKENIZER_MOST_TEXT)
    return refuse("the vocabulary's texts have " + llvm::Twine(textBytes) + " bytes, but at most " +
                  llvm::Twine(RWKVC_TOKENIZER_MOST_TEXT) + " are possible");

  rwkvc_tokenizer_header_t header = {};
  memcpy(header.magic, RWKVC_TOKENIZER_MAGIC, sizeof(header.magic));
  header.version = RWKVC_TOKENIZER_VERSION;
  header.kind = vocabulary.kind;
  header.size = vocabulary.texts.size();
  header.end = vocabulary.end;
  header.flags = vocabulary.flags;
  header.merge_count = vocabulary.merges.size();
  header.added_count = vocabulary.added.size();
  header.text_bytes = textBytes;
  header.bytes = sizeof(header) + header.merge_count * sizeof(rwkvc_tokenizer_merge_t) +
                 header.added_count * sizeof(rwkvc_tokenizer_added_t) +
                 (table ? (header.size + 1ull) * sizeof(uint32_t) : 0) + textBytes;
  std::string packed;
  packed.reserve(header.bytes);
  append(packed, header);
  for (const rwkvc_tokenizer_merge_t &merge : vocabulary.merges)
    append(packed, merge);
  for (const rwkvc_tokenizer_added_t &added : vocabulary.added)
    append(packed, added);
  if (table) {
    uint32_t offset = 0;
    append(packed, offset);
    for (const std::string &text : vocabulary.texts)
      append(packed, offset += text.size());
    for (const std::string &text : vocabulary.texts)
      packed += text;
  }
  return packed;
}
