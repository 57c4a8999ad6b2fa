// Short words are searched through at each merge, which is square in their length but small; long ones have a heap.
#include "runtime/src/Tokenizers/Merges.h"

#include "runtime/src/Status.h"

#include <algorithm>
#include <bit>

using namespace rwkvc;

rwkvc_status_t Merges::build(const PackedForm &form) {
  uint32_t count = form.header().merge_count;
  size_t size = std::bit_ceil(2 * size_t{count} + 2);
  slots.assign(size, {});
  results.resize(count);
  mask = size - 1;
  shift = 64 - std::countr_zero(size);
  for (uint32_t rank = 0; rank < count; ++rank) {
    rwkvc_tokenizer_merge_t merge = form.merge(rank);
    uint64_t pair = uint64_t{merge.left} << 32 | merge.right;
    size_t place = hash(pair);
    for (; slots[place].rank != none; place = (place + 1) & mask)
      if (slots[place].pair == pair)
        return fail(RWKVC_CORRUPTED, "the tokenizer's merges %u and %u are of one pair", slots[place].rank, rank);
    slots[place] = {pair, rank};
    results[rank] = merge.result;
  }
  return RWKVC_OK;
}

static void mergeShort(const Merges &merges, std::vector<uint32_t> &ids, std::vector<uint32_t> &ranks) {
  size_t count = ids.size();
  ranks.resize(count);
  for (size_t i = 0; i + 1 < count; ++i)
    ranks[i] = merges.rank(ids[i], ids[i + 1]);
  while (count > 1) {
    size_t best = static_cast<size_t>(std::min_element(ranks.begin(), ranks.begin() + count - 1) - ranks.begin());
    if (ranks[best] == Merges::none)
      break;
    ids[best] = merges.result(ranks[best]);
    std::copy(ids.begin() + best + 2, ids.begin() + count, ids.begin() + best + 1);
    std::copy(ranks.begin() + best + 2, ranks.begin() + count, ranks.begin() + best + 1);
    --count;
    if (best + 1 < count)
      ranks[best] = merges.rank(ids[best], ids[best + 1]);
    if (best > 0)
      ranks[best - 1] = merges.rank(ids[best - 1], ids[best]);
  }
  ids.resize(count);
}

static void mergeLong(const Merges &merges, std::vector<uint32_t> &ids, MergeScratch &scratch) {
  auto &[ranks, symbols, heap] = scratch;
  uint32_t count = static_cast<uint32_t>(ids.size());
  symbols.resize(count);
  ranks.assign(count, Merges::none);
  heap.clear();
  auto enter = [&](uint32_t i) { // symbol i and the one behind it are new neighbours
    ranks[i] = symbols[i].next ? merges.rank(symbols[i].id, symbols[symbols[i].next].id) : Merges::none;
    return ranks[i] != Merges::none;
  };
  auto entry = [&](uint32_t i) { return uint64_t{ranks[i]} << 32 | i; };
  for (uint32_t i = 0; i < count; ++i)
    symbols[i] = {ids[i], i - 1, i + 1 < count ? i + 1 : 0};
  for (uint32_t i = 0; i < count; ++i)
    if (enter(i))
      heap.push_back(entry(i));
  std::make_heap(heap.begin(), heap.end(), std::greater<>());
  auto push = [&](uint32_t i) {
    if (!enter(i))
      return;
    heap.push_back(entry(i));
    std::push_heap(heap.begin(), heap.end(), std::greater<>());
  };
  while (!heap.empty()) {
    std::pop_heap(heap.begin(), heap.end(), std::greater<>());
    uint64_t top = heap.back();
    heap.pop_back();
    uint32_t i = static_cast<uint32_t>(top);
    // Entries are not taken out when a neighbour merges away: such a one has another rank by now.
    if (ranks[i] != top >> 32)
      continue;
    MergeScratch::Symbol &symbol = symbols[i], &behind = symbols[symbol.next];
    ranks[symbol.next] = Merges::none;
    symbol.id = merges.result(ranks[i]);
    symbol.next = behind.next;
    if (symbol.next)
      symbols[symbol.next].previous = i;
    push(i);
    if (i > 0)
      push(symbol.previous);
  }
  ids.clear();
  for (uint32_t i = 0;; i = symbols[i].next) {
    ids.push_back(symbols[i].id);
    if (!symbols[i].next)
      break;
  }
}

void rwkvc::mergeAll(const Merges &merges, std::vector<uint32_t> &ids, MergeScratch &scratch) {
  constexpr size_t mostShort = 64;
  if (ids.size() <= mostShort)
    mergeShort(merges, ids, scratch.ranks);
  else
    mergeLong(merges, ids, scratch);
}
