/* logits.c - The whole C API in one program: load a model, run a prompt, go on token by token.
 *
 *   cc logits.c -I include -L lib -lrwkvc -o logits
 *   ./logits model.so 34 105 110
 *
 * Prints the likeliest next token after the prompt, then a few more, each fed back. */
#include <rwkvc/rwkvc.h>

#include <stdio.h>
#include <stdlib.h>

enum { MORE_TOKENS = 8 };

/* What a call cannot do it says in one sentence. */
static void check(rwkvc_status_t status) {
  if (status == RWKVC_OK)
    return;
  fprintf(stderr, "logits: %s\n", rwkvc_status_message(status));
  exit(1);
}

/* Feeds `count` tokens to one sequence and returns the likeliest token to follow the last of them. */
static int32_t feed(rwkvc_session_t *session, rwkvc_state_t *state, const int32_t *tokens, uint64_t count,
                    float *logits, uint32_t vocabulary) {
  uint64_t first_row[2], last_row = count - 1;
  uint32_t token, best = 0;
  rwkvc_batch_t batch;
  first_row[0] = 0;
  first_row[1] = count;
  batch.rows = count;
  batch.sequences = 1;
  batch.wanted = 1;
  batch.tokens = tokens;
  batch.first_row = first_row;
  batch.states = &state;
  batch.wanted_rows = &last_row;
  check(rwkvc_session_step(session, &batch, logits));
  for (token = 1; token < vocabulary; ++token)
    if (logits[token] > logits[best])
      best = token;
  return (int32_t)best;
}

int main(int argc, char **argv) {
  rwkvc_model_t *model;
  rwkvc_session_t *session;
  rwkvc_state_t *state;
  const rwkvc_model_info_t *info;
  int32_t *prompt, next;
  float *logits;
  int i;

  if (argc < 3) {
    fprintf(stderr, "usage: logits MODEL.so TOKEN...\n");
    return 1;
  }
  check(rwkvc_model_load(argv[1], &model));
  check(rwkvc_session_create(model, 0, &session)); /* one thread per CPU */
  check(rwkvc_state_create(model, &state));        /* one per sequence */
  info = rwkvc_model_info(model);
  logits = malloc(info->vocabulary * sizeof(*logits));
  prompt = malloc((size_t)(argc - 2) * sizeof(*prompt));
  if (!logits || !prompt)
    return 1;
  for (i = 2; i < argc; ++i)
    prompt[i - 2] = atoi(argv[i]);

  /* The prompt at once, then each new token alone: the state remembers the rest. */
  next = feed(session, state, prompt, (uint64_t)(argc - 2), logits, info->vocabulary);
  printf("%d", next);
  for (i = 1; i < MORE_TOKENS; ++i) {
    next = feed(session, state, &next, 1, logits, info->vocabulary);
    printf(" %d", next);
  }
  printf("\n");

  free(prompt);
  free(logits);
  rwkvc_state_release(state);
  rwkvc_session_release(session);
  rwkvc_model_release(model);
  return 0;
}
