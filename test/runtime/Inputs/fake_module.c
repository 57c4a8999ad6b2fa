/* fake_module.c - A module small enough to predict by hand, for tests of the runtime.
 *
 * Two slots: "sum" [C] takes in weights[token] + channel at every row, "count" [2, 2] counts rows. Logits of a row mix
 * all of its sum, so a missing barrier or a wrong split shows. The FAKE_ macros spoil one promise each. */
#include "runtime/abi/rwkvc_module.h"
#include "runtime/abi/rwkvc_tokenizer.h"

#include <stddef.h>

enum { CHANNELS = 4, VOCABULARY = 16, MAX_ROWS = 5, COUNT_OFFSET = 64, STATE_BYTES = 128 };

#ifndef FAKE_ABI_VERSION
#define FAKE_ABI_VERSION RWKVC_ABI_VERSION
#endif
#ifndef FAKE_STRUCT_BYTES
#define FAKE_STRUCT_BYTES sizeof(rwkvc_module_t)
#endif
#ifndef FAKE_FEATURES
#define FAKE_FEATURES ""
#endif
#ifndef FAKE_WEIGHTS
#define FAKE_WEIGHTS VOCABULARY
#endif
#ifndef FAKE_SLOT_BYTE
#define FAKE_SLOT_BYTE COUNT_OFFSET
#endif

#ifdef FAKE_TOKENIZER
static const rwkvc_tokenizer_header_t tokenizer = {
    .magic = {'R', 'W', 'K', 'V', 'C', 'T', FAKE_TOKENIZER, 'K'}, .version = 1, .kind = RWKVC_TOKENIZER_BYTES, .bytes = sizeof(tokenizer), .size = 256};
#endif

static void advance(const rwkvc_step_t *step, uint64_t sequence, uint32_t channel) {
  const float *weights = (const float *)step->weights;
  float *sum = (float *)step->states[sequence], *arena = (float *)step->arena;
  for (uint64_t row = step->first_row[sequence]; row < step->first_row[sequence + 1]; ++row) {
    sum[channel] = sum[channel] * 0.5f + weights[step->tokens[row]] + (float)channel;
    arena[row * CHANNELS + channel] = sum[channel];
    if (channel == 0)
      for (int i = 0; i < 4; ++i)
        ((float *)(step->states[sequence] + COUNT_OFFSET))[i] += 1.0f;
  }
}

static void run(const rwkvc_step_t *step, uint32_t thread, uint32_t threads) {
  const float *arena = (const float *)step->arena;
  for (uint64_t sequence = 0; sequence < step->sequences; ++sequence)
    for (uint32_t channel = thread; channel < CHANNELS; channel += threads)
      advance(step, sequence, channel);
  step->imports->barrier(step->imports->context, thread);
  for (uint64_t i = 0; i < step->wanted; ++i)
    for (uint32_t token = thread; token < VOCABULARY; token += threads) {
      float logit = 0;
      for (int channel = 0; channel < CHANNELS; ++channel)
        logit += arena[step->wanted_rows[i] * CHANNELS + channel] * (float)(token + 1);
      step->logits[i * VOCABULARY + token] = logit;
    }
}

static const rwkvc_state_slot_t slots[] = {
    {"layer.0.sum", 0, 1, {CHANNELS, 1, 1, 1}, 0.25f},
    {"layer.0.count", FAKE_SLOT_BYTE, 2, {2, 2, 1, 1}, -1.0f},
};

#ifdef FAKE_PRODUCT
static rwkvc_product_t product = FAKE_PRODUCT;
static rwkvc_product_t *const products[] = {&product, NULL};
#else
static rwkvc_product_t *const products[] = {NULL};
#endif

static const rwkvc_module_t module = {
    FAKE_ABI_VERSION,
    FAKE_STRUCT_BYTES,
    "fake \"compiler\"",
    "rwkv7",
    "x86_64-unknown-linux-gnu",
    "generic",
    FAKE_FEATURES,
    "head=f32,table=f32",
    "sum x1 by hand\nmix x1 by hand\n",
    1, CHANNELS, 2, 2, 8, VOCABULARY,
    MAX_ROWS,
    2,
    slots,
    STATE_BYTES,
    CHANNELS * sizeof(float),
    FAKE_WEIGHTS * sizeof(float),
    sizeof(float),
    2 * CHANNELS,
    2 * CHANNELS * VOCABULARY,
    run,
#ifdef FAKE_TOKENIZER
    (const uint8_t *)&tokenizer,
    sizeof(tokenizer),
#else
    NULL,
    0,
#endif
    0,
    products,
};

__attribute__((visibility("default"))) const rwkvc_module_t *rwkvc_module_query(uint32_t max_version) {
#ifdef FAKE_NO_ANSWER
  return NULL;
#endif
  return max_version >= RWKVC_ABI_VERSION ? &module : NULL;
}
