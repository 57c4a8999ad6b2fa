// What short words became lately, within one call: of a long text most words have been merged before.
#ifndef RUNTIME_SRC_TOKENIZERS_WORDCACHE_H
#define RUNTIME_SRC_TOKENIZERS_WORDCACHE_H

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace rwkvc {

class WordCache {
public:
  static constexpr size_t longestWord = 31, mostIds = 7, entryCount = 1 << 13;

  // One cache line. Empty ones have no key of any word: a word's last byte is its length.
  struct alignas(64) Entry {
    std::array<uint64_t, 4> key{};
    uint32_t count = 0, ids[mostIds] = {};
  };

  // The place of a word of at most longestWord bytes, and its key. `readable` is where memory that may be read ends.
  Entry &find(std::string_view word, const uint8_t *readable, std::array<uint64_t, 4> &outKey) {
    auto begin = reinterpret_cast<const uint8_t *>(word.data());
    if (readable - begin >= 32) {
      memcpy(outKey.data(), begin, 32);
      std::array<uint64_t, 4> mask;
      memcpy(mask.data(), masks.data() + 32 - word.size(), 32);
      for (int i = 0; i < 4; ++i)
        outKey[i] &= mask[i];
    } else {
      outKey = {};
      memcpy(outKey.data(), begin, word.size());
    }
    outKey[3] |= uint64_t{word.size()} << 56;
    uint64_t hash = outKey[0] * 0x9e3779b97f4a7c15 ^ outKey[1] * 0xc2b2ae3d27d4eb4f ^ outKey[2] * 0x165667b19e3779f9 ^
                    outKey[3] * 0xff51afd7ed558ccd;
    hash = (hash ^ hash >> 29) * 0x94d049bb133111eb;
    return entries[hash >> (64 - 13)];
  }

private:
  // 32 bytes of ones, then 32 of zeros: from 32 - n on, n ones come first.
  static constexpr std::array<uint8_t, 64> masks = [] {
    std::array<uint8_t, 64> bytes{};
    for (int i = 0; i < 32; ++i)
      bytes[i] = 0xff;
    return bytes;
  }();
  static_assert(entryCount == 1 << 13);

  std::vector<Entry> entries = std::vector<Entry>(entryCount);
};

} // namespace rwkvc

#endif // RUNTIME_SRC_TOKENIZERS_WORDCACHE_H
