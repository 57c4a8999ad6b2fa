/* rwkvc.h - Runs models that rwkvc has compiled.
 *
 * A model is loaded once and shared; a session runs it with threads of its own; a state is one sequence's
 * memory. Load, create a session, create a state per sequence, step. Needs nothing of the compiler. */
#ifndef RWKVC_RWKVC_H
#define RWKVC_RWKVC_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define RWKVC_API __attribute__((visibility("default")))
#else
#define RWKVC_API
#endif

/* ---- Status --------------------------------------------------------------------------------------- */

/* What became of a call. Results (`out_`, logits, states) are untouched unless the status is RWKVC_OK. */
typedef enum rwkvc_status {
  RWKVC_OK = 0,
  /* The call is wrong on every machine and with every file: NULL, a token outside the vocabulary. Fix the
     caller. */
  RWKVC_INVALID_ARGUMENT = 1,
  /* The operating system refused before the content was seen: no such file, no permission, disk full.
     Content that was seen and is bad is RWKVC_CORRUPTED. */
  RWKVC_IO_ERROR = 2,
  /* The file is not what it claims to be: truncated, overwritten, or of another kind. A file that is whole
     but unusable here is RWKVC_INCOMPATIBLE. */
  RWKVC_CORRUPTED = 3,
  /* The file is whole, but this machine or this library cannot use it: an instruction set that the CPU lacks,
     a newer version. Compile the model again for this machine, or update the library. */
  RWKVC_INCOMPATIBLE = 4,
  /* A state and a model are each fine, but do not belong together. */
  RWKVC_WRONG_MODEL = 5,
  /* Memory or threads ran out; the same call may succeed later. */
  RWKVC_OUT_OF_RESOURCES = 6,
} rwkvc_status_t;

/* One sentence about this thread's last failure, if that had this status, or else about the status itself.
   Never NULL; valid until this thread's next call that fails. */
RWKVC_API const char *rwkvc_status_message(rwkvc_status_t status);

/* "0.1.0" */
RWKVC_API const char *rwkvc_version(void);

/* ---- Model ---------------------------------------------------------------------------------------- */

/* A loaded module: code and weights, mapped from one file. Immutable: any number of threads may use it at
   once. Sessions and states keep it alive, so release in any order. A module is machine code and runs with
   all of the caller's rights: load only what you trust. The file must not be written while it is loaded;
   replacing it by rename is fine. */
typedef struct rwkvc_model rwkvc_model_t;

/* One tensor of a sequence's state. Its floats follow those of the slots before it without gaps. */
typedef struct rwkvc_slot {
  const char *name;     /* "layer.0.wkv" */
  uint32_t rank;        /* 1 to 4 */
  uint32_t shape[4];    /* [C] or [H, N, N]; unused entries are 1 */
  uint64_t first_float; /* among the state's floats */
  uint64_t floats;
  float initial; /* every element of a fresh state */
} rwkvc_slot_t;

typedef struct rwkvc_model_info {
  const char *compiler;       /* "rwkvc 0.1.0" */
  const char *architecture;   /* "rwkv7" */
  const char *target_triple;  /* "x86_64-unknown-linux-gnu" */
  const char *target_cpu;     /* "znver4" */
  const char *cpu_features;   /* what the code may use: "avx2,fma" */
  const char *weight_formats; /* "emb=f32,head=q8,att=q4" */
  const char *kernels;        /* a line per distinct kernel: name, count, backend, schedule */
  uint32_t layers, channels, heads, head_size, ffn_width, vocabulary; /* heads, head_size are 0 for rwkv4 */
  uint32_t max_rows;         /* rows that one pass through the code takes; longer batches are split */
  uint32_t abi_version;
  uint32_t slot_count;
  const rwkvc_slot_t *slots; /* [slot_count] */
  uint64_t state_floats;     /* of one sequence, all slots */
  uint64_t state_bytes;      /* memory of one sequence's state */
  uint64_t arena_row_bytes;  /* a session's activations, per row */
  uint64_t file_bytes, image_bytes, weights_offset, weights_bytes;
  uint64_t decode_bytes;     /* weight bytes read to decode one token of one sequence, if none are skipped */
  uint64_t skippable_bytes;  /* of decode_bytes; how many are skipped depends on the activations that are zero */
  uint64_t row_flops;        /* matrix multiply-adds * 2 for one row, without the head */
  uint64_t head_flops;       /* the same for one wanted row's logits */
  uint8_t model_id[16];      /* of the source checkpoint's tensors: states belong to it */
  uint64_t image_hash, weights_hash; /* XXH3-64 */
  uint64_t content_hash;     /* of the description that holds both hashes: names the whole file */
} rwkvc_model_info_t;

/* Maps the file and checks that it is whole and fits this machine. Weights of more than 64 MiB are not
   read here: rwkvc_model_verify does that. Release with rwkvc_model_release. */
RWKVC_API rwkvc_status_t rwkvc_model_load(const char *path, rwkvc_model_t **out_model);
RWKVC_API void rwkvc_model_release(rwkvc_model_t *model); /* NULL is fine */

/* Belongs to the model. NULL only for NULL. */
RWKVC_API const rwkvc_model_info_t *rwkvc_model_info(const rwkvc_model_t *model);

/* Reads all weights and compares their hash. */
RWKVC_API rwkvc_status_t rwkvc_model_verify(const rwkvc_model_t *model);

/* ---- State ---------------------------------------------------------------------------------------- */

/* Everything that a sequence remembers: think of it as the sequence itself. Forking is copying. One thread at
   a time; different states may be used by different threads. */
typedef struct rwkvc_state rwkvc_state_t;

/* A sequence that has seen no token. Release with rwkvc_state_release. */
RWKVC_API rwkvc_status_t rwkvc_state_create(const rwkvc_model_t *model, rwkvc_state_t **out_state);
RWKVC_API void rwkvc_state_release(rwkvc_state_t *state); /* NULL is fine */

RWKVC_API rwkvc_status_t rwkvc_state_reset(rwkvc_state_t *state);

/* `to` and `from` may be of two files compiled from one checkpoint. */
RWKVC_API rwkvc_status_t rwkvc_state_copy(rwkvc_state_t *to, const rwkvc_state_t *from);

/* `count` must be info->state_floats: all slots in order, without gaps. */
RWKVC_API rwkvc_status_t rwkvc_state_get(const rwkvc_state_t *state, float *out_floats, uint64_t count);
RWKVC_API rwkvc_status_t rwkvc_state_set(rwkvc_state_t *state, const float *floats, uint64_t count);

/* `count` must be info->slots[slot].floats. */
RWKVC_API rwkvc_status_t rwkvc_state_get_slot(const rwkvc_state_t *state, uint32_t slot, float *out_floats,
                                              uint64_t count);
RWKVC_API rwkvc_status_t rwkvc_state_set_slot(rwkvc_state_t *state, uint32_t slot, const float *floats,
                                              uint64_t count);

/* Readers see the old file or the new one, also if the process is killed meanwhile. */
RWKVC_API rwkvc_status_t rwkvc_state_save(const rwkvc_state_t *state, const char *path);

/* Refuses a file of another model, and one that is not whole; the state is then as before. */
RWKVC_API rwkvc_status_t rwkvc_state_load(rwkvc_state_t *state, const char *path);

/* ---- Session -------------------------------------------------------------------------------------- */

/* Threads and working memory to run one model. One thread at a time; sessions of one model may run side by
   side, but not the same state in two of them at once. */
typedef struct rwkvc_session rwkvc_session_t;

/* Allocates all that steps will need. `threads` counts the caller's; 0 means one per CPU that this process may
   use. Results do not depend on it. Release with rwkvc_session_release. */
RWKVC_API rwkvc_status_t rwkvc_session_create(const rwkvc_model_t *model, uint32_t threads,
                                              rwkvc_session_t **out_session);
RWKVC_API void rwkvc_session_release(rwkvc_session_t *session); /* NULL is fine */
RWKVC_API uint32_t rwkvc_session_threads(const rwkvc_session_t *session);

/* Token rows of one or more sequences. Decoding one token is one row; a prompt is one row a token of one
   sequence; a server mixes both. Every pointer stays the caller's. */
typedef struct rwkvc_batch {
  uint64_t rows;                 /* at least 1, and any number */
  uint64_t sequences;            /* 1 to rows */
  uint64_t wanted;               /* 0 to rows */
  const int32_t *tokens;         /* [rows], each in [0, vocabulary) */
  const uint64_t *first_row;     /* [sequences + 1], strictly ascending from 0 to rows: sequence s owns the
                                    rows from first_row[s] to first_row[s + 1] */
  rwkvc_state_t *const *states;  /* [sequences], no two alike; advanced by their sequence's rows */
  const uint64_t *wanted_rows;   /* [wanted], strictly ascending: rows whose logits are computed */
} rwkvc_batch_t;

/* `logits` is [wanted, vocabulary], in the order of wanted_rows; NULL if none is wanted. Checks the whole batch
   before it changes anything; a batch that passes cannot fail, and allocates nothing. But a module may leave products to
   oneDNN (its kernels say so), which allocates a little; should it fail, which is RWKVC_OUT_OF_RESOURCES, then the batch's
   states are of no more use. */
RWKVC_API rwkvc_status_t rwkvc_session_step(rwkvc_session_t *session, const rwkvc_batch_t *batch, float *logits);

#ifdef __cplusplus
}
#endif
#endif /* RWKVC_RWKVC_H */
