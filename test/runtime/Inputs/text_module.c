/* text_module.c - A model of bytes that answers by rule, for tests of generation and chat.
 *
 * It remembers all that it read. After "User: Q\n\nAssistant:" its likeliest next bytes are " Q <n>\n\n", where n
 * counts the questions so far: what was undone, or read twice, shows. Elsewhere the next byte is by chance. Some
 * questions ask for something else: see answerTo. With TEXT_WIDE some tokens hold more than a stop text. */
#include "runtime/abi/rwkvc_module.h"
#include "runtime/abi/rwkvc_tokenizer.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#ifdef TEXT_WIDE
static const char *const wide[] = {"\n\n\n", "\n\nUser:", "\n\nUser: w"};
enum { WIDE = 3 };
#else
static const char *const wide[1];
enum { WIDE = 0 };
#endif

enum { MEMORY = 2000, VOCABULARY = 256 + WIDE, MAX_ROWS = 8, COUNT_OFFSET = MEMORY * sizeof(float) };

static const char question[] = "User: ", reply[] = "\n\nAssistant:";

/* The text that a state has seen; returns its length. */
static size_t recall(const float *memory, size_t length, char *text) {
  for (size_t i = 0; i < length; ++i)
    text[i] = (char)(unsigned char)memory[i];
  text[length] = 0;
  return length;
}

/* The whole answer to the last question, or 0 if none is open; `done` is what has been said of it. */
static int answerTo(const char *text, char *answer, size_t room, const char **done) {
  const char *asked = NULL, *at = text, *end;
  int count = 0;
  for (; (at = strstr(at, question)); at += sizeof(question) - 1, ++count)
    asked = at + sizeof(question) - 1;
  if (!asked || !(end = strstr(asked, reply)))
    return 0;
  *done = end + sizeof(reply) - 1;
  int length = (int)(end - asked);
  if (!strncmp(asked, "end", 3)) /* ends the text */
    snprintf(answer, room, " bye %d", count);
  else if (!strncmp(asked, "bytes", 5)) /* not UTF-8 */
    snprintf(answer, room, " \xff\xc3(%d\n\n", count);
  else if (!strncmp(asked, "long", 4) || !strncmp(asked, "slow", 4)) /* goes on until the memory is full */
    snprintf(answer, room, " %0*d\n\n", MEMORY - 300, count);
  else if (!strncmp(asked, "lines", 5))
    snprintf(answer, room, " one\ntwo\n\nthree\n\nUser: %d", count);
  else if (!strncmp(asked, "three", 5))
    snprintf(answer, room, " three %d\n\n\n", count);
  else if (!strncmp(asked, "far", 3))
    snprintf(answer, room, " far %d\n\nUser: w", count);
  else if (!strncmp(asked, "any", 3)) /* any digit, by chance */
    snprintf(answer, room, " ?\n\n");
  else
    snprintf(answer, room, " %.*s %d\n\n", length, asked, count);
  return 1;
}

static void score(const char *text, float *logits) {
  char answer[MEMORY];
  const char *done;
  for (int i = 0; i < VOCABULARY; ++i)
    logits[i] = -30.0f;
  if (answerTo(text, answer, sizeof(answer), &done)) {
    size_t said = strlen(done);
    int next = said < strlen(answer) ? (unsigned char)answer[said] : 0;
    if (next == '?')
      for (int i = '0'; i <= '9'; ++i)
        logits[i] = 1.0f;
    else
      logits[next] = 10.0f;
    for (int i = 0; i < WIDE; ++i)
      if (said < strlen(answer) && !strncmp(answer + said, wide[i], strlen(wide[i])))
        logits[256 + i] = 20.0f + (float)i;
    return;
  }
  unsigned hash = (unsigned)strlen(text) * 2654435761u;
  for (int i = 0; i < 26; ++i)
    logits['a' + i] = (float)((hash >> i) % 7) * 0.5f;
  logits[' '] = 2.0f;
}

static void advance(const rwkvc_step_t *step, uint64_t sequence, char *texts) {
  float *memory = (float *)step->states[sequence], *length = (float *)(step->states[sequence] + COUNT_OFFSET);
  for (uint64_t row = step->first_row[sequence]; row < step->first_row[sequence + 1]; ++row) {
    /* A full memory forgets its first half. */
    if (*length >= MEMORY - 16) {
      memmove(memory, memory + MEMORY / 2, MEMORY / 2 * sizeof(float));
      *length -= MEMORY / 2;
    }
    int32_t token = step->tokens[row];
    for (const char *byte = token < 256 ? NULL : wide[token - 256]; byte && *byte; ++byte, *length += 1.0f)
      memory[(size_t)*length] = (float)*byte;
    if (token < 256) {
      memory[(size_t)*length] = (float)token;
      *length += 1.0f;
    }
    recall(memory, (size_t)*length, texts + row * MEMORY);
    char answer[MEMORY];
    const char *done;
    if (strstr(texts + row * MEMORY, "User: slow") && answerTo(texts + row * MEMORY, answer, MEMORY, &done))
      nanosleep(&(struct timespec){0, 20 * 1000 * 1000}, NULL);
  }
}

static void run(const rwkvc_step_t *step, uint32_t thread, uint32_t threads) {
  char *texts = (char *)step->arena;
  if (thread == 0)
    for (uint64_t sequence = 0; sequence < step->sequences; ++sequence)
      advance(step, sequence, texts);
  step->imports->barrier(step->imports->context, thread);
  for (uint64_t i = thread; i < step->wanted; i += threads)
    score(texts + (uint64_t)step->wanted_rows[i] * MEMORY, step->logits + i * VOCABULARY);
}

#ifndef TEXT_NO_TOKENIZER
static struct __attribute__((packed)) {
  rwkvc_tokenizer_header_t header;
#ifdef TEXT_WIDE
  uint32_t begin[VOCABULARY + 1];
  uint8_t text[255 + 3 + 7 + 9];
#endif
} tokenizer = {.header = {
                   .magic = {'R', 'W', 'K', 'V', 'C', 'T', 'O', 'K'},
                   .version = RWKVC_TOKENIZER_VERSION,
                   .kind = WIDE ? RWKVC_TOKENIZER_LONGEST_MATCH : RWKVC_TOKENIZER_BYTES,
                   .bytes = sizeof(tokenizer),
                   .size = VOCABULARY,
                   .end = 0,
               }};

static void fillTokenizer(void) {
#ifdef TEXT_WIDE
  tokenizer.header.text_bytes = sizeof(tokenizer.text);
  uint32_t at = 0;
  for (int id = 1; id < VOCABULARY; ++id) {
    size_t bytes = id < 256 ? 1 : strlen(wide[id - 256]);
    tokenizer.begin[id] = at;
    if (id < 256)
      tokenizer.text[at] = (uint8_t)id;
    else
      memcpy(tokenizer.text + at, wide[id - 256], bytes);
    at += (uint32_t)bytes;
  }
  tokenizer.begin[VOCABULARY] = at;
#endif
}
#endif

static const rwkvc_state_slot_t slots[] = {
    {"text", 0, 1, {MEMORY, 1, 1, 1}, 0.0f},
    {"length", COUNT_OFFSET, 1, {1, 1, 1, 1}, 0.0f},
};

static const rwkvc_module_t module = {
    .abi_version = RWKVC_ABI_VERSION,
    .struct_bytes = sizeof(rwkvc_module_t),
    .compiler = "by hand",
    .architecture = "rwkv7",
    .target_triple = "x86_64-unknown-linux-gnu",
    .target_cpu = "generic",
    .cpu_features = "",
    .weight_formats = "table=f32",
    .kernels = "rule x1 by hand\n",
    .layers = 1,
    .channels = MEMORY,
    .heads = 1,
    .head_size = MEMORY,
    .ffn_width = 8,
    .vocabulary = VOCABULARY,
    .max_rows = MAX_ROWS,
    .slot_count = 2,
    .slots = slots,
    .state_bytes = COUNT_OFFSET + 64,
    .arena_row_bytes = MEMORY,
    .weights_bytes = 64,
    .decode_bytes = 64,
    .row_flops = 2,
    .head_flops = 2,
    .step = run,
#ifndef TEXT_NO_TOKENIZER
    .tokenizer = (const uint8_t *)&tokenizer,
    .tokenizer_bytes = sizeof(tokenizer),
#endif
};

__attribute__((visibility("default"))) const rwkvc_module_t *rwkvc_module_query(uint32_t max_version) {
#ifndef TEXT_NO_TOKENIZER
  fillTokenizer();
#endif
  return max_version >= RWKVC_ABI_VERSION ? &module : NULL;
}
