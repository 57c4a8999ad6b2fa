// Stands for rwkv.cpp's library: takes a millisecond a token, and checks that it is called as its header says.
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

static char context;
static void wait(uint64_t tokens) {
  struct timespec pause = {0, (long)tokens * 1000000};
  nanosleep(&pause, NULL);
}
void *rwkv_init_from_file(const char *path, uint32_t threads, uint32_t gpu_layers) {
  return path[0] == '/' && threads == 1 && gpu_layers == 0 ? &context : NULL;
}
size_t rwkv_get_state_len(const void *ctx) { return ctx == &context ? 8 : 0; }
size_t rwkv_get_logits_len(const void *ctx) { return ctx == &context ? 300 : 0; }
void rwkv_init_state(const void *ctx, float *state) { state[7] = ctx == &context; }
bool rwkv_eval(void *ctx, uint32_t token, const float *in, float *out, float *logits) {
  logits[299] = 0;
  wait(1);
  return ctx == &context && token < 300 && in == out && in[7] == 1;
}
bool rwkv_eval_sequence_in_chunks(void *ctx, const uint32_t *tokens, size_t count, size_t chunk, const float *in,
                                  float *out, float *logits) {
  logits[299] = 0;
  wait(count);
  return ctx == &context && tokens[count - 1] < 300 && chunk > 0 && in == out;
}
