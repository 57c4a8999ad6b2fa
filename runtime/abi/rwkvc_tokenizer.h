/* rwkvc_tokenizer.h - The packed form of a tokenizer, as modules embed it.
 *
 * A schema, like rwkvc_module.h: little-endian, without gaps, includes nothing but <stdint.h>. In this order:
 *
 *   rwkvc_tokenizer_header_t
 *   rwkvc_tokenizer_merge_t [merge_count]   in the order of their ranks, the first to be done first
 *   rwkvc_tokenizer_added_t [added_count]
 *   uint32_t [size + 1]                     where in the text each id's bytes begin; ascending from 0 to text_bytes
 *   uint8_t [text_bytes]                    the bytes of all ids, in the order of the ids
 *
 * Kind `bytes` is the header alone. docs/Tokenizers.md has what each kind does with this. */
#ifndef RUNTIME_ABI_RWKVC_TOKENIZER_H
#define RUNTIME_ABI_RWKVC_TOKENIZER_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RWKVC_TOKENIZER_MAGIC "RWKVCTOK"
#define RWKVC_TOKENIZER_VERSION 1u
#define RWKVC_TOKENIZER_MOST_IDS (1u << 20)
#define RWKVC_TOKENIZER_MOST_TEXT (1u << 24)
/* Bytes of one id. Cutting a text may look so far ahead at each of its bytes, and checking at each merge. */
#define RWKVC_TOKENIZER_MOST_ONE (1u << 12)

/* rwkvc_tokenizer_header_t.kind */
#define RWKVC_TOKENIZER_BYTES 0u         /* id = byte; 0 ends a text and is no byte; size 256 */
#define RWKVC_TOKENIZER_LONGEST_MATCH 1u /* the longest id that the text goes on with, again and again */
#define RWKVC_TOKENIZER_BPE 2u           /* words by GPT-2's rules, merged by rank */

/* rwkvc_tokenizer_header_t.flags */
#define RWKVC_TOKENIZER_NFC 1u /* bpe: text is normalised to NFC first */

/* rwkvc_tokenizer_added_t.flags */
#define RWKVC_TOKENIZER_ADDED_NORMALIZED 1u /* is looked for in normalised text, not in the text as given */

typedef struct rwkvc_tokenizer_header {
  char magic[8];        /* RWKVC_TOKENIZER_MAGIC, no NUL */
  uint32_t version;     /* RWKVC_TOKENIZER_VERSION */
  uint32_t kind;
  uint64_t bytes;       /* of the whole packed form */
  uint32_t size;        /* ids are below it; at most RWKVC_TOKENIZER_MOST_IDS */
  int32_t end;          /* the id that ends a text, or -1 */
  uint32_t flags;
  uint32_t merge_count; /* bpe only */
  uint32_t added_count; /* bpe only */
  uint32_t text_bytes;  /* at most RWKVC_TOKENIZER_MOST_TEXT */
} rwkvc_tokenizer_header_t;

/* Neighbours `left` and `right` become `result`, whose bytes are theirs. No pair occurs twice. */
typedef struct rwkvc_tokenizer_merge {
  uint32_t left, right, result;
} rwkvc_tokenizer_merge_t;

/* An id that is found in the text before it is cut into words. */
typedef struct rwkvc_tokenizer_added {
  uint32_t id;
  uint32_t flags;
} rwkvc_tokenizer_added_t;

#ifdef __cplusplus
}
#endif
#endif /* RUNTIME_ABI_RWKVC_TOKENIZER_H */
