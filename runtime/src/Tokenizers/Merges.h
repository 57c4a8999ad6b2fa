// Byte pair encoding of one word: of all neighbours with a merge, those of the lowest rank join first, and of
// equal ranks the leftmost.
#ifndef RUNTIME_SRC_TOKENIZERS_MERGES_H
#define RUNTIME_SRC_TOKENIZERS_MERGES_H

#include "runtime/src/Tokenizers/PackedForm.h"

#include <vector>

namespace rwkvc {

// The merges by their pair. A pair's rank is enough to say what it becomes.
class Merges {
public:
  static constexpr uint32_t none = ~0u;

  // Refuses a pair that occurs twice.
  rwkvc_status_t build(const PackedForm &form);

  // `none` if the two do not merge.
  uint32_t rank(uint32_t left, uint32_t right) const {
    uint64_t pair = uint64_t{left} << 32 | right;
    for (size_t place = hash(pair);; place = (place + 1) & mask) {
      const Slot &slot = slots[place];
      if (slot.rank == none || slot.pair == pair)
        return slot.rank;
    }
  }

  uint32_t result(uint32_t rank) const { return results[rank]; }

private:
  struct Slot {
    uint64_t pair = 0;
    uint32_t rank = none;
  };
  size_t hash(uint64_t pair) const { return pair * 0x9e3779b97f4a7c15 >> shift; }

  std::vector<Slot> slots; // at most half full, so that searching ends
  std::vector<uint32_t> results;
  size_t mask = 0;
  int shift = 63;
};

// What merging needs besides, kept from word to word.
struct MergeScratch {
  struct Symbol {
    uint32_t id, previous, next; // neighbours by index; next is 0 at the end and for what was merged away
  };
  std::vector<uint32_t> ranks; // of each symbol and the one behind it
  std::vector<Symbol> symbols;
  std::vector<uint64_t> heap; // rank above, index below
};

// Merges the ids in place. The time is n log n for n ids, whatever they are.
void mergeAll(const Merges &merges, std::vector<uint32_t> &ids, MergeScratch &scratch);

} // namespace rwkvc

#endif // RUNTIME_SRC_TOKENIZERS_MERGES_H
