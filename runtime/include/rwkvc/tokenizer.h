/* rwkvc/tokenizer.h - Text to token ids and back.
 *
 * Works on bytes: text need not be valid UTF-8, and need not end with a zero. */
#ifndef RWKVC_TOKENIZER_H
#define RWKVC_TOKENIZER_H

#include "rwkvc.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Immutable: any number of threads may use one at once. */
typedef struct rwkvc_tokenizer rwkvc_tokenizer_t;

/* The tokenizer that the model was compiled with; made at the first call. Belongs to the model.
   RWKVC_INCOMPATIBLE if it has none: compile with --tokenizer. */
RWKVC_API rwkvc_status_t rwkvc_model_tokenizer(const rwkvc_model_t *model, const rwkvc_tokenizer_t **out_tokenizer);

/* From the packed form that modules embed (runtime/abi/rwkvc_tokenizer.h). The bytes are copied. Release with
   rwkvc_tokenizer_release. */
RWKVC_API rwkvc_status_t rwkvc_tokenizer_create(const void *packed, uint64_t bytes,
                                                rwkvc_tokenizer_t **out_tokenizer);
RWKVC_API void rwkvc_tokenizer_release(rwkvc_tokenizer_t *tokenizer); /* NULL is fine; not for a model's own */

RWKVC_API const char *rwkvc_tokenizer_kind(const rwkvc_tokenizer_t *tokenizer); /* "bytes", "longest-match", "bpe" */
RWKVC_API uint32_t rwkvc_tokenizer_size(const rwkvc_tokenizer_t *tokenizer);    /* ids are below it */
RWKVC_API int32_t rwkvc_tokenizer_end(const rwkvc_tokenizer_t *tokenizer);      /* the id that ends a text, or -1 */

/* Writes the first `capacity` ids and the count of all: call again with more room if that is larger. Without an id
   before or after that the text did not ask for. Of the text's content, only a byte that is in no token is refused,
   by its place: byte 0 of kind "bytes", for example. */
RWKVC_API rwkvc_status_t rwkvc_tokenizer_encode(const rwkvc_tokenizer_t *tokenizer, const char *text, uint64_t bytes,
                                                int32_t *out_tokens, uint64_t capacity, uint64_t *out_count);

/* The same for the bytes of `count` ids, not zero-terminated. A character may be cut between two ids. The end id and
   ids without text give no bytes; ids out of range are refused. */
RWKVC_API rwkvc_status_t rwkvc_tokenizer_decode(const rwkvc_tokenizer_t *tokenizer, const int32_t *tokens,
                                                uint64_t count, char *out_text, uint64_t capacity,
                                                uint64_t *out_bytes);

#ifdef __cplusplus
}
#endif
#endif /* RWKVC_TOKENIZER_H */
