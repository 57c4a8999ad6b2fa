// Cuts text into words as GPT-2 does, by the expression
//   's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
// The words are the text: nothing is left out between them.
#ifndef RUNTIME_SRC_TOKENIZERS_WORDS_H
#define RUNTIME_SRC_TOKENIZERS_WORDS_H

#include "runtime/src/Tokenizers/Unicode.h"

#include <array>

namespace rwkvc {

class Words {
public:
  explicit Words(std::string_view text) : at(reinterpret_cast<const uint8_t *>(text.data())), end(at + text.size()) {}

  bool done() const { return at == end; }

  // At least one byte of it; not when done.
  std::string_view next() {
    const uint8_t *begin = at;
    if (*at == '\'' && end - at > 1)
      if (uint32_t length = contraction())
        return take(begin, at + length);
    // A space belongs to the word behind it.
    const uint8_t *body = at + (*at == ' ' ? 1 : 0);
    if (body < end)
      if (CharacterClass kind = classAt(body); kind != CharacterClass::Space)
        return take(begin, runOf(kind, body));
    return take(begin, spaces());
  }

private:
  static constexpr std::array<CharacterClass, 128> asciiClasses = [] {
    std::array<CharacterClass, 128> classes{};
    for (int c = 0; c < 128; ++c) {
      bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'), number = c >= '0' && c <= '9';
      bool space = c == ' ' || (c >= '\t' && c <= '\r');
      classes[c] = letter   ? CharacterClass::Letter
                   : number ? CharacterClass::Number
                   : space  ? CharacterClass::Space
                            : CharacterClass::Other;
    }
    return classes;
  }();

  std::string_view take(const uint8_t *begin, const uint8_t *to) {
    at = to;
    return {reinterpret_cast<const char *>(begin), static_cast<size_t>(to - begin)};
  }

  CharacterClass classAt(const uint8_t *place) const {
    return *place < 0x80 ? asciiClasses[*place] : classOf(characterAt(place, end).code);
  }

  // Bytes of the contraction that `at` is the apostrophe of; 0 for none.
  uint32_t contraction() const {
    uint8_t first = at[1], second = end - at > 2 ? at[2] : 0;
    if (first == 's' || first == 't' || first == 'm' || first == 'd')
      return 2;
    bool two = (first == 'r' && second == 'e') || (first == 'v' && second == 'e') || (first == 'l' && second == 'l');
    return two ? 3 : 0;
  }

  const uint8_t *runOf(CharacterClass kind, const uint8_t *place) const {
    while (place < end) {
      if (*place < 0x80) {
        if (asciiClasses[*place] != kind)
          break;
        ++place;
        continue;
      }
      Character character = characterAt(place, end);
      if (classOf(character.code) != kind)
        break;
      place += character.length;
    }
    return place;
  }

  // The run of white space at `at`, without its last character if a word follows and there is more than that one.
  const uint8_t *spaces() const {
    const uint8_t *place = at, *last = at;
    while (place < end && classAt(place) == CharacterClass::Space) {
      last = place;
      place += *place < 0x80 ? 1 : characterAt(place, end).length;
    }
    return place == end || last == at ? place : last;
  }

  const uint8_t *at, *end;
};

} // namespace rwkvc

#endif // RUNTIME_SRC_TOKENIZERS_WORDS_H
