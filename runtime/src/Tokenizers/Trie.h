// A double array: a node's children lie at its base XOR their byte, so that one step is one load of four bytes.
#ifndef RUNTIME_SRC_TOKENIZERS_TRIE_H
#define RUNTIME_SRC_TOKENIZERS_TRIE_H

#include <cstdint>
#include <string_view>
#include <vector>

namespace rwkvc {

class Trie {
public:
  struct Key {
    std::string_view text; // at least one byte
    uint32_t id;
  };
  struct Match {
    uint32_t id;
    uint64_t length; // 0 if no key is a prefix
  };
  enum class Build { Done, TwoEqual, TooLarge };

  // `outEqual` is set if two keys are equal: to one of the two.
  Build build(std::vector<Key> keys, uint32_t &outEqual);

  // The longest key that `text` begins with.
  Match longest(const uint8_t *text, const uint8_t *end) const {
    uint32_t unit = root, last = 0;
    const uint32_t *all = units.data();
    const uint8_t *matched = text;
    for (const uint8_t *at = text; at < end;) {
      uint32_t byte = *at++, slot = (unit >> baseShift) ^ byte;
      unit = all[slot];
      if ((unit & labelMask) != byte)
        break;
      // Selected, not jumped over: where keys end is anybody's guess.
      bool ends = unit & terminal;
      last = ends ? slot : last;
      matched = ends ? at : matched;
    }
    return {ids[last], static_cast<uint64_t>(matched - text)};
  }

private:
  friend class TrieBuilder;
  // A unit: the byte that leads to it (or `vacant`), whether a key ends here, and the base of its children.
  static constexpr uint32_t labelMask = 0x1ff, vacant = 0x100, terminal = 0x200, baseShift = 10;
  static constexpr uint32_t mostSlots = 1u << (32 - baseShift);

  // Block 0 stays vacant: it is where nodes without children, and an empty trie, send every byte.
  uint32_t root = vacant;
  std::vector<uint32_t> units = std::vector<uint32_t>(256, vacant);
  std::vector<uint32_t> ids = std::vector<uint32_t>(256, 0);
};

} // namespace rwkvc

#endif // RUNTIME_SRC_TOKENIZERS_TRIE_H
