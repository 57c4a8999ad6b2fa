// Look-ups in the tables that make_unicode_tables.py makes of Python's, and the arithmetic of Hangul.
#include "runtime/src/Tokenizers/Unicode.h"

#include <algorithm>
#include <iterator>

using namespace rwkvc;

namespace {
struct Mark {
  uint32_t code, combiningClass;
};
struct Composition {
  uint32_t first, second, result;
};
struct Decomposition {
  uint32_t code, begin, count; // into decompositionPool
};

#include "UnicodeTables.inc"

// Syllable = base + (lead * vowels + vowel) * trails + trail.
constexpr uint32_t syllables = 0xac00, leads = 0x1100, vowels = 0x1161, trails = 0x11a7;
constexpr uint32_t leadCount = 19, vowelCount = 21, trailCount = 28,
                   syllableCount = leadCount * vowelCount * trailCount;
} // namespace

static uint8_t flagsOf(uint32_t code) {
  return code < 0x110000 ? flags[blocks[code / blockSize] * blockSize + code % blockSize] : 0;
}

CharacterClass rwkvc::classOf(uint32_t code) { return static_cast<CharacterClass>(flagsOf(code) & 3); }

bool rwkvc::mayChangeInNfc(uint32_t code) { return flagsOf(code) & 4; }

const char *rwkvc::unicodeTablesVersion() { return unicodeVersion; }

Character rwkvc::characterAt(const uint8_t *at, const uint8_t *end) {
  uint8_t lead = *at;
  if (lead < 0x80)
    return {lead, 1};
  uint32_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || end - at < length)
    return {notUnicode, 1};
  uint32_t code = lead & (0x7fu >> length);
  for (uint32_t i = 1; i < length; ++i) {
    if ((at[i] & 0xc0) != 0x80)
      return {notUnicode, 1};
    code = code << 6 | (at[i] & 0x3f);
  }
  bool tooShort = code < (length == 4 ? 0x10000u : length == 3 ? 0x800u : 0x80u);
  if (tooShort || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
    return {notUnicode, 1};
  return {code, length};
}

uint32_t rwkvc::combiningClass(uint32_t code) {
  const Mark *found =
      std::lower_bound(std::begin(marks), std::end(marks), code, [](const Mark &m, uint32_t c) { return m.code < c; });
  return found != std::end(marks) && found->code == code ? found->combiningClass : 0;
}

void rwkvc::appendDecomposed(std::vector<uint32_t> &out, uint32_t code) {
  if (uint32_t index = code - syllables; code >= syllables && index < syllableCount) {
    out.push_back(leads + index / (vowelCount * trailCount));
    out.push_back(vowels + index / trailCount % vowelCount);
    if (uint32_t trail = index % trailCount)
      out.push_back(trails + trail);
    return;
  }
  const Decomposition *found = std::lower_bound(std::begin(decompositions), std::end(decompositions), code,
                                                [](const Decomposition &d, uint32_t c) { return d.code < c; });
  if (found == std::end(decompositions) || found->code != code)
    out.push_back(code);
  else
    out.insert(out.end(), decompositionPool + found->begin, decompositionPool + found->begin + found->count);
}

uint32_t rwkvc::composed(uint32_t first, uint32_t second) {
  uint32_t lead = first - leads, vowel = second - vowels, trail = second - trails, syllable = first - syllables;
  if (lead < leadCount && vowel < vowelCount)
    return syllables + (lead * vowelCount + vowel) * trailCount;
  if (syllable < syllableCount && syllable % trailCount == 0 && trail > 0 && trail < trailCount)
    return first + trail;
  const Composition *found =
      std::lower_bound(std::begin(compositions), std::end(compositions), Composition{first, second, 0},
                       [](const Composition &a, const Composition &b) {
                         return std::pair(a.first, a.second) < std::pair(b.first, b.second);
                       });
  return found != std::end(compositions) && found->first == first && found->second == second ? found->result
                                                                                             : notUnicode;
}
