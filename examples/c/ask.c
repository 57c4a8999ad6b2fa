/* ask.c - Text in, text out in C: ask MODEL.so QUESTION... One conversation: each question follows the answer before
 * it, because the state remembers. `make` builds it against an installed rwkvc. */
#include <rwkvc/generation.h>
#include <rwkvc/rwkvc.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check(rwkvc_status_t status) {
  if (status == RWKVC_OK)
    return;
  fprintf(stderr, "ask: %s\n", rwkvc_status_message(status));
  exit(1);
}

/* Whole characters, as soon as there are any. */
static int print(void *user, const char *text, uint64_t bytes) {
  FILE *out = user;
  fwrite(text, 1, bytes, out);
  fflush(out);
  return 0; /* go on */
}

int main(int argc, char **argv) {
  static const char *const stops[] = {"\n\n"};
  rwkvc_model_t *model;
  rwkvc_session_t *session;
  rwkvc_state_t *conversation;
  rwkvc_sampler_t *sampler;
  rwkvc_sampling_t sampling;
  rwkvc_generation_t generation;
  rwkvc_generated_t generated;
  int i;

  if (argc < 3) {
    fprintf(stderr, "usage: ask MODEL.so QUESTION...\n");
    return 1;
  }
  check(rwkvc_model_load(argv[1], &model));
  check(rwkvc_session_create(model, 0, &session)); /* one thread per CPU */
  check(rwkvc_state_create(model, &conversation));
  rwkvc_sampling_init(&sampling);
  sampling.temperature = 0; /* always the most probable token */
  check(rwkvc_sampler_create(rwkvc_model_info(model)->vocabulary, &sampling, &sampler));
  rwkvc_generation_init(&generation);
  generation.max_tokens = 100;
  generation.stops = stops;
  generation.stop_count = 1;
  generation.on_text = print;
  generation.user = stdout;

  for (i = 2; i < argc; ++i) {
    size_t room = strlen(argv[i]) + sizeof("User: \n\nAssistant:");
    char *prompt = malloc(room);
    if (!prompt)
      return 1;
    snprintf(prompt, room, "User: %s\n\nAssistant:", argv[i]);
    check(rwkvc_session_generate(session, conversation, sampler, prompt, strlen(prompt), &generation, &generated));
    printf("\n");
    free(prompt);
  }

  rwkvc_sampler_release(sampler);
  rwkvc_state_release(conversation);
  rwkvc_session_release(session);
  rwkvc_model_release(model);
  return 0;
}
