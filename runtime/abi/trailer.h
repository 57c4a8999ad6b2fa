/* trailer.h - Sealing and checking the trailer of a module file, for the compiler that writes it and the
 * runtime that reads it. Apart from the ABI because it needs xxhash, which is compiled in. */
#ifndef RUNTIME_ABI_TRAILER_H
#define RUNTIME_ABI_TRAILER_H

#ifndef XXH_INLINE_ALL
#define XXH_INLINE_ALL
#endif
#include <xxhash.h>

#include "runtime/abi/rwkvc_module.h"

#include <stddef.h>
#include <string.h>

#define RWKVC_WEIGHTS_ALIGNMENT 4096u

/* Write module files in pieces of this size that start at its multiples. Linux then keeps the file in pages of that
 * size, which the runtime maps as such: one thread streams weights at 0.95 of the memory's speed, against 0.77
 * for a file that was written in pieces of 1 MiB (ext4, Linux 6.18, 3 GB of weights). */
#define RWKVC_WRITE_PIECE (2u << 20)

static inline uint64_t rwkvc_trailer_hash(const rwkvc_trailer_t *trailer) {
  return XXH3_64bits(trailer, offsetof(rwkvc_trailer_t, trailer_hash));
}

/* Where the weights begin behind an image of that size. */
static inline uint64_t rwkvc_weights_offset(uint64_t image_bytes) {
  return (image_bytes + RWKVC_WEIGHTS_ALIGNMENT - 1) / RWKVC_WEIGHTS_ALIGNMENT * RWKVC_WEIGHTS_ALIGNMENT;
}

/* Completes a trailer whose image_bytes, weights_bytes, image_hash, weights_hash and model_id are set. */
static inline void rwkvc_trailer_seal(rwkvc_trailer_t *trailer) {
  memcpy(trailer->magic, RWKVC_TRAILER_MAGIC, sizeof(trailer->magic));
  trailer->abi_version = RWKVC_ABI_VERSION;
  trailer->trailer_bytes = (uint32_t)sizeof(*trailer);
  trailer->weights_offset = rwkvc_weights_offset(trailer->image_bytes);
  trailer->file_bytes = trailer->weights_offset + trailer->weights_bytes + sizeof(*trailer);
  trailer->trailer_hash = rwkvc_trailer_hash(trailer);
}

typedef enum rwkvc_trailer_state {
  RWKVC_TRAILER_OK,
  RWKVC_TRAILER_ABSENT,   /* these bytes are no trailer: not a module, or cut off */
  RWKVC_TRAILER_DAMAGED,  /* one, but not as it was sealed */
  RWKVC_TRAILER_FOREIGN,  /* whole, but of another version */
  RWKVC_TRAILER_MISPLACED /* whole, but it describes a file of another size or order */
} rwkvc_trailer_state_t;

/* The hash comes before the version, so that a flipped bit is not mistaken for a newer compiler. */
static inline rwkvc_trailer_state_t rwkvc_trailer_check(const rwkvc_trailer_t *trailer, uint64_t file_bytes) {
  uint64_t body;
  if (memcmp(trailer->magic, RWKVC_TRAILER_MAGIC, sizeof(trailer->magic)) != 0)
    return RWKVC_TRAILER_ABSENT;
  if (trailer->trailer_hash != rwkvc_trailer_hash(trailer))
    return RWKVC_TRAILER_DAMAGED;
  if (trailer->abi_version != RWKVC_ABI_VERSION || trailer->trailer_bytes != sizeof(*trailer))
    return RWKVC_TRAILER_FOREIGN;
  if (trailer->file_bytes != file_bytes || file_bytes < sizeof(*trailer))
    return RWKVC_TRAILER_MISPLACED;
  body = file_bytes - sizeof(*trailer);
  if (trailer->weights_offset > body || trailer->weights_bytes != body - trailer->weights_offset ||
      trailer->weights_offset % RWKVC_WEIGHTS_ALIGNMENT != 0 || trailer->image_bytes > trailer->weights_offset)
    return RWKVC_TRAILER_MISPLACED;
  return RWKVC_TRAILER_OK;
}

#endif /* RUNTIME_ABI_TRAILER_H */
