/* rwkvc/generation.h - From logits to tokens, from a prompt to text.
 *
 * A sampler chooses tokens; rwkvc_session_generate feeds a prompt and hands on what the model answers. */
#ifndef RWKVC_GENERATION_H
#define RWKVC_GENERATION_H

#include "rwkvc.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Sampling ------------------------------------------------------------------------------------- */

/* How a token is chosen, in this order: bias, penalties, temperature, top_k, min_p, top_p, draw. Each filter sees
   what the one before it left, and of equally probable tokens the lower id goes first. */
typedef struct rwkvc_sampling {
  uint64_t struct_bytes;      /* set by rwkvc_sampling_init; fields are only ever appended */
  float temperature;          /* default 1: the logits are divided by it; 0 takes the most probable token */
  float top_p;                /* default 1 (off): the fewest tokens that have this share of the probability */
  float min_p;                /* default 0 (off): as a share of the most probable token's probability */
  uint32_t top_k;             /* default 0 (off): this many of the most probable tokens */
  float presence_penalty;     /* default 0: subtracted from the logits of tokens that were sampled before */
  float frequency_penalty;    /* default 0: the same, times the token's count */
  float penalty_decay;        /* default 1, up to 1: all counts are multiplied by it before a token is counted;
                                 RWKV's habit is 0.996 */
  uint64_t seed;              /* default 0; the same seed and the same logits give the same tokens everywhere */
  const int32_t *bias_tokens; /* [bias_count]; need not outlive rwkvc_sampler_create */
  const float *bias_values;   /* [bias_count], added to the logits; -INFINITY forbids a token */
  uint64_t bias_count;
} rwkvc_sampling_t;
RWKVC_API void rwkvc_sampling_init(rwkvc_sampling_t *out_sampling);

/* Remembers what it sampled, and where in its random stream it is. One thread at a time. */
typedef struct rwkvc_sampler rwkvc_sampler_t;

/* NULL for `sampling` means the defaults. Allocates all that sampling will need. Release with
   rwkvc_sampler_release. */
RWKVC_API rwkvc_status_t rwkvc_sampler_create(uint32_t vocabulary, const rwkvc_sampling_t *sampling,
                                              rwkvc_sampler_t **out_sampler);
RWKVC_API void rwkvc_sampler_release(rwkvc_sampler_t *sampler); /* NULL is fine */

/* `logits` is [vocabulary]. NaN and +INFINITY are refused, and so are logits that allow no token; the sampler is then
   as before. */
RWKVC_API rwkvc_status_t rwkvc_sampler_sample(rwkvc_sampler_t *sampler, const float *logits, int32_t *out_token);

/* Forgets the counts and restarts the random stream. */
RWKVC_API void rwkvc_sampler_reset(rwkvc_sampler_t *sampler); /* NULL is fine */

/* ---- Generation ----------------------------------------------------------------------------------- */

typedef enum rwkvc_finish {
  RWKVC_FINISH_LENGTH = 0,      /* max_tokens were sampled */
  RWKVC_FINISH_STOP = 1,        /* a stop text came */
  RWKVC_FINISH_END = 2,         /* the model ended the text */
  RWKVC_FINISH_INTERRUPTED = 3, /* on_text asked for it */
} rwkvc_finish_t;

typedef struct rwkvc_generation {
  uint64_t struct_bytes;    /* set by rwkvc_generation_init; fields are only ever appended */
  uint64_t max_tokens;      /* default 256; 0 only feeds the prompt */
  const char *const *stops; /* [stop_count]: texts that end the answer and are not handed on. The one that is complete
                               first counts, of those the longest */
  uint64_t stop_count;
  /* Whole UTF-8 characters only; bytes that cannot become one are passed as they are. Also called with 0 bytes between
     pieces of a long prompt, and after a token that completes no text. Anything but 0 interrupts. NULL is fine. */
  int (*on_text)(void *user, const char *text, uint64_t bytes);
  void *user; /* for both functions */
  /* Each sampled token, before its text; not the one that ends the text. NULL is fine. */
  void (*on_token)(void *user, int32_t token);
} rwkvc_generation_t;
RWKVC_API void rwkvc_generation_init(rwkvc_generation_t *out_generation);

typedef struct rwkvc_generated {
  uint64_t prompt_tokens, tokens; /* fed; sampled, without the one that ends the text */
  rwkvc_finish_t finish;
  double first_token_s;           /* from the call to the first sampled token; 0 if there is none */
  double total_s;
} rwkvc_generated_t;

/* Feeds `prompt` to `state`, then samples. Afterwards the state has seen the prompt and every sampled token: also the
   whole of the one that completes a stop text, but not the one that ends the text. Interrupted within the prompt, it
   has seen the first prompt_tokens of it. An empty prompt is the token that ends texts, since a text may follow it.
   Needs the model's tokenizer: RWKVC_INCOMPATIBLE if it has none. Once the arguments are found right, only the model's
   logits can fail the call (all NaN, say): the state is then after the last token that was fed. */
RWKVC_API rwkvc_status_t rwkvc_session_generate(rwkvc_session_t *session, rwkvc_state_t *state,
                                                rwkvc_sampler_t *sampler, const char *prompt, uint64_t prompt_bytes,
                                                const rwkvc_generation_t *generation,
                                                rwkvc_generated_t *out_generated);

#ifdef __cplusplus
}
#endif
#endif /* RWKVC_GENERATION_H */
