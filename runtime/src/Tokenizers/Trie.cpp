// Builds the double array from sorted keys, a node at a time: its children go to the first vacant slots that suit.
// No two nodes share a base, so that a slot's byte alone says whose child it is.
#include "runtime/src/Tokenizers/Trie.h"

#include <algorithm>

using namespace rwkvc;

namespace rwkvc {
class TrieBuilder {
public:
  TrieBuilder(Trie &trie, const std::vector<Trie::Key> &keys) : trie(trie), keys(keys) {}

  Trie::Build run(uint32_t &outEqual);

private:
  // Keys first..last share `depth` bytes and hang below `slot`; the root has no slot.
  struct Range {
    size_t first, last, depth;
    uint32_t slot;
  };
  static constexpr uint32_t noSlot = ~0u;

  bool place(const std::vector<uint8_t> &labels, uint32_t &outBase);
  bool fits(uint32_t base, const std::vector<uint8_t> &labels) const;
  bool addBlock();
  void take(uint32_t slot, uint8_t label);

  Trie &trie;
  const std::vector<Trie::Key> &keys;
  std::vector<bool> baseUsed = std::vector<bool>(256, true);
  // A ring of the vacant slots; slot 0, which is never given away, is its start.
  std::vector<uint32_t> next = std::vector<uint32_t>(256, 0), previous = std::vector<uint32_t>(256, 0);
};
} // namespace rwkvc

bool TrieBuilder::addBlock() {
  uint32_t begin = static_cast<uint32_t>(trie.units.size());
  if (begin + 256 > Trie::mostSlots)
    return false;
  trie.units.resize(begin + 256, Trie::vacant);
  trie.ids.resize(begin + 256, 0);
  baseUsed.resize(begin + 256, false);
  next.resize(begin + 256);
  previous.resize(begin + 256);
  for (uint32_t slot = begin; slot < begin + 256; ++slot) {
    uint32_t last = previous[0];
    next[last] = slot;
    previous[slot] = last;
    next[slot] = 0;
    previous[0] = slot;
  }
  return true;
}

void TrieBuilder::take(uint32_t slot, uint8_t label) {
  trie.units[slot] = label;
  next[previous[slot]] = next[slot];
  previous[next[slot]] = previous[slot];
}

bool TrieBuilder::fits(uint32_t base, const std::vector<uint8_t> &labels) const {
  return !baseUsed[base] && std::all_of(labels.begin(), labels.end(), [&](uint8_t label) {
    return (trie.units[base ^ label] & Trie::labelMask) == Trie::vacant;
  });
}

bool TrieBuilder::place(const std::vector<uint8_t> &labels, uint32_t &outBase) {
  // More tries would pack little better and take long where the array is nearly full.
  constexpr int mostTries = 64;
  uint32_t slot = next[0];
  for (int i = 0; i < mostTries && slot != 0; ++i, slot = next[slot]) {
    outBase = slot ^ labels.front();
    if (fits(outBase, labels))
      return true;
  }
  outBase = static_cast<uint32_t>(trie.units.size()) ^ labels.front();
  return addBlock();
}

Trie::Build TrieBuilder::run(uint32_t &outEqual) {
  std::vector<Range> open;
  if (!keys.empty())
    open.push_back({0, keys.size(), 0, noSlot});
  std::vector<uint8_t> labels;
  std::vector<size_t> starts;
  while (!open.empty()) {
    Range range = open.back();
    open.pop_back();
    if (range.slot != noSlot && keys[range.first].text.size() == range.depth) {
      trie.units[range.slot] |= Trie::terminal;
      outEqual = trie.ids[range.slot] = keys[range.first].id;
      ++range.first;
      if (range.first < range.last && keys[range.first].text.size() == range.depth)
        return Trie::Build::TwoEqual;
    }
    if (range.first == range.last)
      continue;
    labels.clear();
    starts.clear();
    for (size_t i = range.first; i < range.last; ++i) {
      auto label = static_cast<uint8_t>(keys[i].text[range.depth]);
      if (labels.empty() || labels.back() != label) {
        labels.push_back(label);
        starts.push_back(i);
      }
    }
    starts.push_back(range.last);
    uint32_t base;
    if (!place(labels, base))
      return Trie::Build::TooLarge;
    baseUsed[base] = true;
    (range.slot == noSlot ? trie.root : trie.units[range.slot]) |= base << Trie::baseShift;
    for (size_t i = 0; i < labels.size(); ++i) {
      take(base ^ labels[i], labels[i]);
      open.push_back({starts[i], starts[i + 1], range.depth + 1, base ^ labels[i]});
    }
  }
  return Trie::Build::Done;
}

Trie::Build Trie::build(std::vector<Key> keys, uint32_t &outEqual) {
  auto unsignedLess = [](const Key &a, const Key &b) { return a.text < b.text; }; // char_traits compares as unsigned
  std::sort(keys.begin(), keys.end(), unsignedLess);
  return TrieBuilder(*this, keys).run(outEqual);
}
