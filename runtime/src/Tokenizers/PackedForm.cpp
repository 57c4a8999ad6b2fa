// Sizes are bounded before they are multiplied, so that no sum here can wrap round.
#include "runtime/src/Tokenizers/PackedForm.h"

#include "runtime/src/Status.h"

#include <cinttypes>

using namespace rwkvc;

rwkvc_status_t PackedForm::open(const void *packed, uint64_t bytes) {
  if (bytes < sizeof(head))
    return fail(RWKVC_CORRUPTED, "the tokenizer has %" PRIu64 " bytes, too few for its header", bytes);
  memcpy(&head, packed, sizeof(head));
  if (rwkvc_status_t status = checkHeader(bytes))
    return status;
  merges = static_cast<const uint8_t *>(packed) + sizeof(head);
  addeds = merges + head.merge_count * sizeof(rwkvc_tokenizer_merge_t);
  offsets = addeds + head.added_count * sizeof(rwkvc_tokenizer_added_t);
  texts = offsets + (head.size + 1ull) * sizeof(uint32_t);
  if (head.kind == RWKVC_TOKENIZER_BYTES)
    return RWKVC_OK;
  if (rwkvc_status_t status = checkTexts())
    return status;
  return checkMerges();
}

rwkvc_status_t PackedForm::checkHeader(uint64_t bytes) const {
  if (memcmp(head.magic, RWKVC_TOKENIZER_MAGIC, sizeof(head.magic)) != 0)
    return fail(RWKVC_CORRUPTED, "the tokenizer does not start like one");
  if (head.version != RWKVC_TOKENIZER_VERSION)
    return fail(RWKVC_INCOMPATIBLE, "the tokenizer has version %u, but this library needs version %u", head.version,
                RWKVC_TOKENIZER_VERSION);
  if (head.kind > RWKVC_TOKENIZER_BPE)
    return fail(RWKVC_INCOMPATIBLE, "the tokenizer is of kind %u, which this library does not know", head.kind);
  bool bpe = head.kind == RWKVC_TOKENIZER_BPE, table = head.kind != RWKVC_TOKENIZER_BYTES;
  if (head.flags > (bpe ? RWKVC_TOKENIZER_NFC : 0))
    return fail(RWKVC_INCOMPATIBLE, "the tokenizer has flags %#x, which this library does not know", head.flags);
  if (head.size == 0 || head.size > RWKVC_TOKENIZER_MOST_IDS || head.text_bytes > RWKVC_TOKENIZER_MOST_TEXT ||
      head.added_count > head.size || head.merge_count > RWKVC_TOKENIZER_MOST_IDS)
    return fail(RWKVC_CORRUPTED, "the tokenizer claims %u ids, %u added ones, %u merges and %u bytes of text",
                head.size, head.added_count, head.merge_count, head.text_bytes);
  if ((!bpe && (head.merge_count || head.added_count)) || (!table && (head.size != 256 || head.text_bytes)))
    return fail(RWKVC_CORRUPTED, "the tokenizer has parts that its kind does not have");
  if (head.end < -1 || head.end >= static_cast<int64_t>(head.size))
    return fail(RWKVC_CORRUPTED, "the tokenizer ends texts by id %d, but has %u ids", head.end, head.size);
  uint64_t expected = sizeof(head) + head.merge_count * uint64_t{sizeof(rwkvc_tokenizer_merge_t)} +
                      head.added_count * uint64_t{sizeof(rwkvc_tokenizer_added_t)} +
                      (table ? (head.size + 1ull) * sizeof(uint32_t) : 0) + head.text_bytes;
  if (head.bytes != expected || bytes != expected)
    return fail(RWKVC_CORRUPTED, "the tokenizer describes %" PRIu64 " bytes and claims %" PRIu64 ", but has %" PRIu64,
                expected, head.bytes, bytes);
  return RWKVC_OK;
}

rwkvc_status_t PackedForm::checkTexts() const {
  uint32_t last = 0;
  for (uint32_t id = 0; id <= head.size; ++id) {
    uint32_t offset = at<uint32_t>(offsets, id);
    bool wrong = id == 0 ? offset != 0 : offset < last;
    if (wrong || offset > head.text_bytes || (id == head.size && offset != head.text_bytes))
      return fail(RWKVC_CORRUPTED, "the tokenizer's text of id %u lies outside of its %u bytes", id, head.text_bytes);
    if (offset - last > RWKVC_TOKENIZER_MOST_ONE)
      return fail(RWKVC_INCOMPATIBLE, "the tokenizer's id %u has a text of %u bytes, but at most %u are possible",
                  id - 1, offset - last, RWKVC_TOKENIZER_MOST_ONE);
    last = offset;
  }
  return RWKVC_OK;
}

rwkvc_status_t PackedForm::checkMerges() const {
  for (uint32_t rank = 0; rank < head.merge_count; ++rank) {
    auto [left, right, result] = merge(rank);
    if (left >= head.size || right >= head.size || result >= head.size)
      return fail(RWKVC_CORRUPTED, "the tokenizer's merge %u is of ids out of range", rank);
    std::string_view first = text(left), second = text(right), whole = text(result);
    if (first.empty() || second.empty() || whole.size() != first.size() + second.size() || !whole.starts_with(first) ||
        !whole.ends_with(second))
      return fail(RWKVC_CORRUPTED, "the tokenizer's merge %u does not give the bytes of its parts", rank);
  }
  for (uint32_t i = 0; i < head.added_count; ++i) {
    auto [id, flags] = added(i);
    if (id >= head.size || flags > RWKVC_TOKENIZER_ADDED_NORMALIZED || text(id).empty())
      return fail(RWKVC_CORRUPTED, "the tokenizer's added id number %u is out of range or has no text", i);
  }
  return RWKVC_OK;
}
