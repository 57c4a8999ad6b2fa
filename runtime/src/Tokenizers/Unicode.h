// What tokenizers need to know of Unicode. Text may be anything: a byte that is in no valid UTF-8 sequence is a
// character of its own, neither letter nor number nor space, that no normalisation touches.
#ifndef RUNTIME_SRC_TOKENIZERS_UNICODE_H
#define RUNTIME_SRC_TOKENIZERS_UNICODE_H

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rwkvc {

enum class CharacterClass : uint8_t { Other, Letter, Number, Space };

struct Character {
  uint32_t code; // notUnicode for a byte that is in no valid sequence
  uint32_t length;
};
constexpr uint32_t notUnicode = ~0u;

// The character at `at`, which is before `end`.
Character characterAt(const uint8_t *at, const uint8_t *end);

CharacterClass classOf(uint32_t code);

// Whether the character can be other in NFC than it is, alone or behind others. What cannot ends whatever stood
// before it: normalisation never looks past.
bool mayChangeInNfc(uint32_t code);

uint32_t combiningClass(uint32_t code);
void appendDecomposed(std::vector<uint32_t> &out, uint32_t code);
uint32_t composed(uint32_t first, uint32_t second); // notUnicode if the two stay two

// `text` in NFC: itself where it is so already, else in `storage`.
std::string_view toNfc(std::string_view text, std::string &storage);

const char *unicodeTablesVersion();

} // namespace rwkvc

#endif // RUNTIME_SRC_TOKENIZERS_UNICODE_H
