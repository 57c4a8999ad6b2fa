/* rwkvc_module.h - What a compiled module promises to whoever loads it.
 *
 * The only thing that compiler and runtime share. A schema: fields are only ever appended, and a change
 * of meaning raises RWKVC_ABI_VERSION. Includes nothing but <stdint.h>; all integers are little-endian. */
#ifndef RUNTIME_ABI_RWKVC_MODULE_H
#define RUNTIME_ABI_RWKVC_MODULE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RWKVC_ABI_VERSION 2u
#define RWKVC_QUERY_SYMBOL "rwkvc_module_query"
#define RWKVC_TRAILER_MAGIC "RWKVCMOD"

/* One tensor of a sequence's state, f32, dense. */
typedef struct rwkvc_state_slot {
  const char *name;  /* "layer.0.wkv" */
  uint64_t offset;   /* bytes into the sequence's state block; a multiple of 64 */
  uint32_t rank;     /* 1 to 4 */
  uint32_t shape[4]; /* [C] or [H, N, N]; unused entries are 1 */
  float initial;     /* every element of a fresh sequence's slot */
} rwkvc_state_slot_t;

/* What the module needs from its host; by table, so that it has no undefined symbols. */
typedef struct rwkvc_imports {
  void *context;
  /* Returns when all threads of the step have called it. */
  void (*barrier)(void *context, uint32_t thread);
} rwkvc_imports_t;

/* A product of rows with a panel of weights that a library of the host computes. The host fills in the last two fields,
 * once, before the first step. */
#define RWKVC_LIBRARY_ONEDNN 1u
#define RWKVC_ELEMENTS_F32 1u
#define RWKVC_ELEMENTS_BF16 2u
typedef struct rwkvc_product {
  uint32_t library;   /* RWKVC_LIBRARY_ONEDNN */
  uint32_t elements;  /* of rows and panel: RWKVC_ELEMENTS_ */
  uint32_t inputs;    /* a multiple of 16 (f32) or 32 (bf16) */
  uint32_t outputs;   /* of a panel, which lies as docs/ModuleFormat.md says: 64 */
  uint32_t most_rows; /* of a call */
  uint32_t unused;
  void *context;
  /* products[row, o] = the sum of rows[row, i] * panel[i, o] over i, for `count` rows, 1 to most_rows; all are dense, and
   * aligned to 64 bytes but for `rows`. For the threads of a step; the same bits for whichever of them. */
  void (*multiply)(void *context, const void *rows, uint64_t count, const void *panel, float *products);
} rwkvc_product_t;

/* One step: `rows` token rows of `sequences` sequences. Every pointer stays the caller's. */
typedef struct rwkvc_step {
  const uint8_t *weights;         /* the mapped weights, 64-byte aligned */
  uint8_t *arena;                 /* rows * arena_row_bytes, 64-byte aligned, contents free */
  const rwkvc_imports_t *imports;
  uint64_t rows;                  /* 1 to max_rows */
  uint64_t sequences;             /* 1 to rows */
  uint64_t wanted;                /* 0 to rows: rows whose logits are computed */
  const int32_t *tokens;          /* [rows], each in [0, vocabulary) */
  const uint64_t *first_row;      /* [sequences + 1], ascending from 0 to rows; sequence s owns rows
                                     first_row[s] to first_row[s + 1], in order, at least one */
  uint8_t *const *states;         /* [sequences], state_bytes each, 64-byte aligned, no two alike */
  const int32_t *wanted_rows;     /* [wanted], ascending */
  float *logits;                  /* [wanted, vocabulary] */
} rwkvc_step_t;

typedef struct rwkvc_module {
  uint32_t abi_version;         /* first, so that any loader can refuse politely */
  uint32_t struct_bytes;        /* sizeof this struct as the module knows it */
  const char *compiler;         /* "rwkvc 0.1.0" */
  const char *architecture;     /* "rwkv4", "rwkv5.0", "rwkv5.1", "rwkv5.2", "rwkv6", "rwkv7" */
  const char *target_triple;    /* "x86_64-unknown-linux-gnu" */
  const char *target_cpu;       /* LLVM's name: "znver4" */
  const char *cpu_features;     /* what the code may use, LLVM's names, comma separated: "avx2,fma,avx512f" */
  const char *weight_formats;   /* "emb=f32,head=q8,att=q4" */
  const char *kernels;          /* a line per distinct kernel: name, count, backend, schedule */
  uint32_t layers, channels, heads, head_size, ffn_width, vocabulary; /* heads, head_size are 0 for rwkv4 */
  uint32_t max_rows;            /* most rows in one step */
  uint32_t slot_count;
  const rwkvc_state_slot_t *slots;
  uint64_t state_bytes;         /* of one sequence */
  uint64_t arena_row_bytes;     /* activations, per row */
  uint64_t weights_bytes;
  uint64_t decode_bytes;        /* weight bytes read to decode one token of one sequence, if none are skipped */
  uint64_t row_flops;           /* matrix multiply-adds * 2 for one row, without the head */
  uint64_t head_flops;          /* the same for one wanted row's logits */
  /* Runs the step as thread `thread` of `threads`; all threads must call it with the same step. */
  void (*step)(const rwkvc_step_t *step, uint32_t thread, uint32_t threads);
  const uint8_t *tokenizer;     /* its packed form (rwkvc_tokenizer.h), or NULL */
  uint64_t tokenizer_bytes;     /* 0 if there is none */
  uint64_t skippable_bytes;     /* of decode_bytes, those that belong to inputs and are not read where one is zero */
  rwkvc_product_t *const *products; /* what it needs of its host's libraries; NULL after the last */
} rwkvc_module_t;

/* The one exported symbol. NULL if the module cannot speak any version up to max_version. */
typedef const rwkvc_module_t *(*rwkvc_module_query_t)(uint32_t max_version);

/* The last sizeof(rwkvc_trailer_t) bytes of the file: checked before any of the module's code is mapped.
 * The file is: ELF image | zeros up to a multiple of 4096 | weights | trailer.
 * Its size and the place of its fields never change, so that every loader, old or new, can read the version;
 * what later versions add goes into rwkvc_module_t. */
typedef struct rwkvc_trailer {
  char magic[8];            /* RWKVC_TRAILER_MAGIC, no NUL */
  uint32_t abi_version;
  uint32_t trailer_bytes;   /* sizeof(rwkvc_trailer_t) */
  uint64_t file_bytes;      /* the whole file, trailer included */
  uint64_t image_bytes;     /* the ELF image, from offset 0 */
  uint64_t weights_offset;  /* a multiple of 4096 */
  uint64_t weights_bytes;
  uint64_t image_hash;      /* XXH3-64 of the image */
  uint64_t weights_hash;    /* XXH3-64 of the weights */
  uint8_t model_id[16];     /* XXH3-128 of the source tensors that were used: states belong to it */
  uint64_t trailer_hash;    /* XXH3-64 of the trailer up to here */
} rwkvc_trailer_t;

#ifdef __cplusplus
}
#endif
#endif /* RUNTIME_ABI_RWKVC_MODULE_H */
