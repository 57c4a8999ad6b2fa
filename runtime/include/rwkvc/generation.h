/* rwkvc/generation.h - From logits to tokens, from a prompt to text.
 *
 * A sampler chooses tokens from a model's logits. */
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

#ifdef __cplusplus
}
#endif
#endif /* RWKVC_GENERATION_H */
