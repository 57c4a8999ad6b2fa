// The C API, and the list of kinds.
#include "runtime/src/Tokenizers/Tokenizer.h"

#include "runtime/src/Model.h"
#include "runtime/src/Status.h"

#include <cinttypes>

using namespace rwkvc;

rwkvc_status_t rwkvc::refuseByte(uint8_t byte, uint64_t offset) {
  return fail(RWKVC_INVALID_ARGUMENT, "byte 0x%02x at offset %" PRIu64 " of the text is in no token", byte, offset);
}

rwkvc_status_t rwkvc::buildTrie(Trie &trie, std::vector<Trie::Key> keys) {
  uint32_t equal = 0;
  switch (trie.build(std::move(keys), equal)) {
  case Trie::Build::Done:
    return RWKVC_OK;
  case Trie::Build::TwoEqual:
    return fail(RWKVC_CORRUPTED, "the tokenizer's id %u has the text of another id", equal);
  case Trie::Build::TooLarge:
    return fail(RWKVC_INCOMPATIBLE, "the tokenizer's texts are too many for this library");
  }
  return RWKVC_OK;
}

rwkvc_status_t rwkvc::makeTokenizer(const void *packed, uint64_t bytes, TokenizerHandle &out) {
  PackedForm form;
  if (rwkvc_status_t status = form.open(packed, bytes))
    return status;
  switch (form.header().kind) {
  case RWKVC_TOKENIZER_BYTES:
    return makeBytes(form, out);
  case RWKVC_TOKENIZER_LONGEST_MATCH:
    return makeLongestMatch(form, out);
  case RWKVC_TOKENIZER_BPE:
    return makeBpe(form, out);
  }
  return fail(RWKVC_INCOMPATIBLE, "the tokenizer is of kind %u, which this library does not know", form.header().kind);
}

static rwkvc_status_t create(const void *packed, uint64_t bytes, rwkvc_tokenizer_t **out_tokenizer) {
  // Looked at before it is copied, so that nothing absurd is allocated.
  PackedForm form;
  if (rwkvc_status_t status = form.open(packed, bytes))
    return status;
  auto begin = static_cast<const uint8_t *>(packed);
  std::vector<uint8_t> copied(begin, begin + bytes);
  TokenizerHandle tokenizer;
  if (rwkvc_status_t status = makeTokenizer(copied.data(), bytes, tokenizer))
    return status;
  tokenizer->copied = std::move(copied); // moving keeps the bytes where they are
  *out_tokenizer = tokenizer.release();
  return RWKVC_OK;
}

static rwkvc_status_t ofModel(const rwkvc_model_t *model, const rwkvc_tokenizer_t **out_tokenizer) {
  if (model->tokenizerBytes == 0)
    return fail(RWKVC_INCOMPATIBLE, "'%s' has no tokenizer: compile it with --tokenizer", model->file.path().c_str());
  std::lock_guard guard(model->tokenizerLock);
  if (!model->tokenizer)
    if (rwkvc_status_t status = makeTokenizer(model->module->tokenizer, model->tokenizerBytes, model->tokenizer))
      return status;
  *out_tokenizer = model->tokenizer.get();
  return RWKVC_OK;
}

extern "C" rwkvc_status_t rwkvc_model_tokenizer(const rwkvc_model_t *model, const rwkvc_tokenizer_t **out_tokenizer) {
  if (!model || !out_tokenizer)
    return fail(RWKVC_INVALID_ARGUMENT, "rwkvc_model_tokenizer needs a model and a place for the tokenizer");
  return atBoundary([&] { return ofModel(model, out_tokenizer); });
}

extern "C" rwkvc_status_t rwkvc_tokenizer_create(const void *packed, uint64_t bytes,
                                                 rwkvc_tokenizer_t **out_tokenizer) {
  if (!packed || !out_tokenizer)
    return fail(RWKVC_INVALID_ARGUMENT, "rwkvc_tokenizer_create needs the packed form and a place for the tokenizer");
  return atBoundary([&] { return create(packed, bytes, out_tokenizer); });
}

extern "C" void rwkvc_tokenizer_release(rwkvc_tokenizer_t *tokenizer) { delete tokenizer; }

extern "C" const char *rwkvc_tokenizer_kind(const rwkvc_tokenizer_t *tokenizer) {
  return tokenizer ? tokenizer->kind() : nullptr;
}

extern "C" uint32_t rwkvc_tokenizer_size(const rwkvc_tokenizer_t *tokenizer) {
  return tokenizer ? tokenizer->form.header().size : 0;
}

extern "C" int32_t rwkvc_tokenizer_end(const rwkvc_tokenizer_t *tokenizer) {
  return tokenizer ? tokenizer->form.header().end : -1;
}

extern "C" rwkvc_status_t rwkvc_tokenizer_encode(const rwkvc_tokenizer_t *tokenizer, const char *text, uint64_t bytes,
                                                 int32_t *out_tokens, uint64_t capacity, uint64_t *out_count) {
  if (!tokenizer || (!text && bytes > 0) || (!out_tokens && capacity > 0) || !out_count)
    return fail(RWKVC_INVALID_ARGUMENT, "rwkvc_tokenizer_encode needs a tokenizer, a text and places for the result");
  return atBoundary([&] {
    std::string_view view(text, bytes);
    TokenSink sink{out_tokens, capacity};
    // What may be refused is only counted first: results stay untouched by a call that fails.
    if (tokenizer->mayRefuse(view)) {
      TokenSink counted{nullptr, 0};
      if (rwkvc_status_t status = tokenizer->encode(view, counted))
        return status;
    }
    rwkvc_status_t status = tokenizer->encode(view, sink);
    if (status == RWKVC_OK)
      *out_count = sink.count;
    return status;
  });
}

static rwkvc_status_t decode(const rwkvc_tokenizer_t *tokenizer, const int32_t *tokens, uint64_t count, char *out_text,
                             uint64_t capacity, uint64_t *out_bytes) {
  const rwkvc_tokenizer_header_t &head = tokenizer->form.header();
  for (uint64_t i = 0; i < count; ++i)
    if (tokens[i] < 0 || static_cast<uint32_t>(tokens[i]) >= head.size)
      return fail(RWKVC_INVALID_ARGUMENT, "token %" PRIu64 " is %d, but the tokenizer has %u ids", i, tokens[i],
                  head.size);
  uint64_t written = 0;
  for (uint64_t i = 0; i < count; ++i) {
    if (tokens[i] == head.end)
      continue;
    std::string_view text = tokenizer->text(static_cast<uint32_t>(tokens[i]));
    if (written < capacity)
      text.copy(out_text + written, capacity - written);
    written += text.size();
  }
  *out_bytes = written;
  return RWKVC_OK;
}

extern "C" rwkvc_status_t rwkvc_tokenizer_decode(const rwkvc_tokenizer_t *tokenizer, const int32_t *tokens,
                                                 uint64_t count, char *out_text, uint64_t capacity,
                                                 uint64_t *out_bytes) {
  if (!tokenizer || (!tokens && count > 0) || (!out_text && capacity > 0) || !out_bytes)
    return fail(RWKVC_INVALID_ARGUMENT, "rwkvc_tokenizer_decode needs a tokenizer, ids and places for the result");
  return decode(tokenizer, tokens, count, out_text, capacity, out_bytes);
}
