// Kind `bpe`, as HuggingFace's tokenizers do it: added ids are found first, the text between them is normalised and
// cut into words, and a word's bytes are merged by rank.
#include "runtime/src/Status.h"
#include "runtime/src/Tokenizers/Merges.h"
#include "runtime/src/Tokenizers/Tokenizer.h"
#include "runtime/src/Tokenizers/WordCache.h"
#include "runtime/src/Tokenizers/Words.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <optional>

using namespace rwkvc;

namespace {

// Ids that are looked for in text, the leftmost first and of those the longest.
class AddedIds {
public:
  // `texts` is what the ids are found by; it outlives this.
  rwkvc_status_t build(std::vector<Trie::Key> keys) {
    for (const Trie::Key &key : keys)
      starts.set(static_cast<uint8_t>(key.text[0]));
    return buildTrie(trie, std::move(keys));
  }

  // Hands on the text between ids, and ids, in order.
  template <typename Between, typename Found>
  rwkvc_status_t split(std::string_view text, Between between, Found found) const {
    auto begin = reinterpret_cast<const uint8_t *>(text.data()), end = begin + text.size(), start = begin;
    for (const uint8_t *at = begin; starts.any() && at < end;) {
      Trie::Match match = starts[*at] ? trie.longest(at, end) : Trie::Match{};
      if (match.length == 0) {
        ++at;
        continue;
      }
      if (rwkvc_status_t status = between(text.substr(start - begin, at - start)))
        return status;
      found(match.id);
      start = at += match.length;
    }
    return between(text.substr(start - begin));
  }

private:
  std::bitset<256> starts;
  Trie trie;
};

struct Scratch {
  std::string normalised;
  std::vector<uint32_t> ids;
  MergeScratch merging;
  std::optional<WordCache> cache;
};

struct BpeTokenizer : rwkvc_tokenizer {
  using rwkvc_tokenizer::rwkvc_tokenizer;

  const char *kind() const override { return "bpe"; }
  bool mayRefuse(std::string_view text) const override;
  rwkvc_status_t encode(std::string_view text, TokenSink &sink) const override;

  rwkvc_status_t prepare();
  rwkvc_status_t prepareAdded();
  rwkvc_status_t prepareWhole();

private:
  bool toIds(std::string_view word, Scratch &scratch, uint8_t &outMissing) const;
  rwkvc_status_t encodeBetween(std::string_view text, Scratch &scratch, TokenSink &sink) const;
  rwkvc_status_t encodeWords(std::string_view text, Scratch &scratch, TokenSink &sink) const;

  static constexpr uint32_t noId = ~0u;
  std::array<uint32_t, 256> byteIds; // noId for a byte in no token
  bool someUsedMissing = false;      // a byte that valid UTF-8 has is in no token
  Merges merges;
  Trie whole; // of ids that their own bytes merge to: most words are one, and need no merging
  AddedIds addedAsGiven, addedNormalised;
  std::vector<std::string> normalisedTexts; // keys of addedNormalised
};

} // namespace

rwkvc_status_t BpeTokenizer::prepare() {
  byteIds.fill(noId);
  std::vector<bool> isAdded(form.header().size);
  for (uint32_t i = 0; i < form.header().added_count; ++i) {
    uint32_t id = form.added(i).id;
    if (isAdded[id])
      return fail(RWKVC_CORRUPTED, "the tokenizer's id %u is added twice", id);
    isAdded[id] = true;
  }
  for (uint32_t id = 0; id < form.header().size; ++id) {
    std::string_view text = form.text(id);
    if (text.size() != 1 || isAdded[id])
      continue;
    uint32_t &place = byteIds[static_cast<uint8_t>(text[0])];
    if (place != noId)
      return fail(RWKVC_CORRUPTED, "the tokenizer's ids %u and %u are of one byte", place, id);
    place = id;
  }
  for (int byte = 0; byte < 0xf5; ++byte)
    someUsedMissing |= byteIds[byte] == noId && byte != 0xc0 && byte != 0xc1;
  if (rwkvc_status_t status = merges.build(form))
    return status;
  if (rwkvc_status_t status = prepareAdded())
    return status;
  return prepareWhole();
}

rwkvc_status_t BpeTokenizer::prepareAdded() {
  std::vector<Trie::Key> asGiven, normalised;
  normalisedTexts.reserve(form.header().added_count);
  for (uint32_t i = 0; i < form.header().added_count; ++i) {
    rwkvc_tokenizer_added_t added = form.added(i);
    std::string_view text = form.text(added.id);
    if (!(added.flags & RWKVC_TOKENIZER_ADDED_NORMALIZED)) {
      asGiven.push_back({text, added.id});
      continue;
    }
    std::string storage;
    if (form.header().flags & RWKVC_TOKENIZER_NFC)
      text = toNfc(text, storage);
    normalisedTexts.emplace_back(text);
    normalised.push_back({normalisedTexts.back(), added.id});
  }
  if (rwkvc_status_t status = addedAsGiven.build(std::move(asGiven)))
    return status;
  return addedNormalised.build(std::move(normalised));
}

rwkvc_status_t BpeTokenizer::prepareWhole() {
  std::vector<Trie::Key> keys;
  Scratch scratch;
  uint8_t missing;
  // Many merges may lead to one id, whose text may be long: it is cut once.
  std::vector<bool> isResult(form.header().size);
  for (uint32_t rank = 0; rank < form.header().merge_count; ++rank)
    isResult[form.merge(rank).result] = true;
  for (uint32_t id : byteIds)
    if (id != noId)
      keys.push_back({form.text(id), id});
  for (uint32_t id = 0; id < form.header().size; ++id)
    if (isResult[id] && toIds(form.text(id), scratch, missing) && scratch.ids.size() == 1 && scratch.ids[0] == id)
      keys.push_back({form.text(id), id});
  return buildTrie(whole, std::move(keys));
}

bool BpeTokenizer::mayRefuse(std::string_view text) const {
  return someUsedMissing ||
         std::any_of(text.begin(), text.end(), [&](char byte) { return byteIds[static_cast<uint8_t>(byte)] == noId; });
}

// scratch.ids = what the word's bytes merge to.
bool BpeTokenizer::toIds(std::string_view word, Scratch &scratch, uint8_t &outMissing) const {
  scratch.ids.clear();
  auto begin = reinterpret_cast<const uint8_t *>(word.data());
  if (Trie::Match match = whole.longest(begin, begin + word.size()); match.length == word.size()) {
    scratch.ids.push_back(match.id);
    return true;
  }
  for (char byte : word) {
    outMissing = static_cast<uint8_t>(byte);
    scratch.ids.push_back(byteIds[outMissing]);
    if (scratch.ids.back() == noId)
      return false;
  }
  mergeAll(merges, scratch.ids, scratch.merging);
  return true;
}

rwkvc_status_t BpeTokenizer::encodeWords(std::string_view text, Scratch &scratch, TokenSink &sink) const {
  for (Words words(text); !words.done();) {
    std::string_view word = words.next();
    WordCache::Entry *entry = nullptr;
    std::array<uint64_t, 4> key;
    if (scratch.cache && word.size() <= WordCache::longestWord) {
      entry = &scratch.cache->find(word, reinterpret_cast<const uint8_t *>(text.data() + text.size()), key);
      if (entry->key == key) {
        sink.put(entry->ids, entry->count);
        continue;
      }
    }
    uint8_t missing;
    if (!toIds(word, scratch, missing))
      return fail(RWKVC_INVALID_ARGUMENT, "byte 0x%02x of the text is in no token", missing);
    sink.put(scratch.ids.data(), scratch.ids.size());
    if (entry && scratch.ids.size() <= WordCache::mostIds) {
      entry->key = key;
      entry->count = static_cast<uint32_t>(scratch.ids.size());
      std::copy(scratch.ids.begin(), scratch.ids.end(), entry->ids);
    }
  }
  return RWKVC_OK;
}

rwkvc_status_t BpeTokenizer::encodeBetween(std::string_view text, Scratch &scratch, TokenSink &sink) const {
  if (form.header().flags & RWKVC_TOKENIZER_NFC)
    text = toNfc(text, scratch.normalised);
  return addedNormalised.split(
      text, [&](std::string_view between) { return encodeWords(between, scratch, sink); },
      [&](uint32_t id) { sink.put(id); });
}

rwkvc_status_t BpeTokenizer::encode(std::string_view text, TokenSink &sink) const {
  // Merging counts in 32 bits.
  if (text.size() > UINT32_MAX / 4)
    return fail(RWKVC_INVALID_ARGUMENT, "the text has %zu bytes, but at most %u are taken at once", text.size(),
                UINT32_MAX / 4);
  Scratch scratch;
  constexpr size_t worthACache = 32 << 10; // bytes; a cache is some 500 kB to clear
  if (text.size() >= worthACache)
    scratch.cache.emplace();
  return addedAsGiven.split(
      text, [&](std::string_view between) { return encodeBetween(between, scratch, sink); },
      [&](uint32_t id) { sink.put(id); });
}

rwkvc_status_t rwkvc::makeBpe(const PackedForm &form, TokenizerHandle &out) {
  auto tokenizer = std::make_unique<BpeTokenizer>(form);
  if (rwkvc_status_t status = tokenizer->prepare())
    return status;
  out = std::move(tokenizer);
  return RWKVC_OK;
}
