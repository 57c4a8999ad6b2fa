// Unicode normalisation form C, done only where something may change: a stretch from the last character that
// nothing can change up to the next such one. All else is copied as it is.
#include "runtime/src/Tokenizers/Unicode.h"

#include <algorithm>
#include <cstring>

using namespace rwkvc;

namespace {

struct Stretch {
  const uint8_t *begin, *end;
};

// The first stretch at or after `at` that may change; empty, at the end, if there is none.
Stretch nextStretch(const uint8_t *at, const uint8_t *end) {
  const uint8_t *stable = at; // where the last character before began
  while (at < end) {
    if (uint64_t eight; end - at >= 8 && (memcpy(&eight, at, 8), (eight & 0x8080808080808080) == 0)) {
      stable = at + 7;
      at += 8;
      continue;
    }
    Character character = characterAt(at, end);
    if (mayChangeInNfc(character.code))
      break;
    stable = at;
    at += character.length;
  }
  if (at == end)
    return {end, end};
  while (at < end) {
    Character character = characterAt(at, end);
    if (!mayChangeInNfc(character.code))
      break;
    at += character.length;
  }
  return {stable, at};
}

// A character with its combining class above it, looked up once.
constexpr uint32_t classShift = 24, codeMask = (1u << classShift) - 1;

// Marks behind a starter in the order of their classes; those of one class keep theirs.
void sortMarks(std::vector<uint32_t> &tagged, std::vector<uint64_t> &keys) {
  auto isMark = [](uint32_t one) { return one >> classShift != 0; };
  for (auto begin = tagged.begin(); begin != tagged.end();) {
    begin = std::find_if(begin, tagged.end(), isMark);
    auto end = std::find_if_not(begin, tagged.end(), isMark);
    // Class, place, code: no two are equal, so that any sorting keeps the places.
    keys.clear();
    for (auto mark = begin; mark != end; ++mark)
      keys.push_back(uint64_t{*mark >> classShift} << 56 | static_cast<uint64_t>(mark - begin) << classShift |
                     (*mark & codeMask));
    std::sort(keys.begin(), keys.end());
    for (uint64_t key : keys)
      *begin++ = static_cast<uint32_t>(key >> 56) << classShift | (static_cast<uint32_t>(key) & codeMask);
  }
}

// Each character joins the starter before it where the two have a common form and nothing between them bars it.
// Leaves the characters without their classes.
void compose(std::vector<uint32_t> &codes) {
  size_t kept = 0, starter = 0;
  bool hasStarter = false;
  uint32_t lastClass = 0; // of the last character that was kept behind the starter
  for (uint32_t tagged : codes) {
    uint32_t code = tagged & codeMask, ownClass = tagged >> classShift;
    bool adjacent = hasStarter && kept == starter + 1;
    if (hasStarter && (adjacent || lastClass < ownClass)) {
      uint32_t joined = composed(codes[starter], code);
      if (joined != notUnicode) {
        codes[starter] = joined;
        continue;
      }
    }
    if (ownClass == 0) {
      starter = kept;
      hasStarter = true;
    }
    lastClass = ownClass;
    codes[kept++] = code;
  }
  codes.resize(kept);
}

void append(std::string &out, uint32_t code) {
  auto put = [&](uint32_t byte) { out += static_cast<char>(byte); };
  auto tail = [&](uint32_t shift) { put(0x80 | (code >> shift & 0x3f)); };
  if (code < 0x80)
    return put(code);
  if (code < 0x800) {
    put(0xc0 | code >> 6);
    return tail(0);
  }
  if (code < 0x10000) {
    put(0xe0 | code >> 12);
  } else {
    put(0xf0 | code >> 18);
    tail(12);
  }
  tail(6);
  tail(0);
}

} // namespace

std::string_view rwkvc::toNfc(std::string_view text, std::string &storage) {
  auto at = reinterpret_cast<const uint8_t *>(text.data()), end = at + text.size();
  Stretch stretch = nextStretch(at, end);
  if (stretch.begin == end)
    return text;
  storage.clear();
  std::vector<uint32_t> codes;
  std::vector<uint64_t> keys;
  while (stretch.begin != end) {
    storage.append(at, stretch.begin);
    at = stretch.begin;
    // The stable character that a stretch begins with may be a byte of its own, which no mark can join.
    if (Character first = characterAt(at, end); first.code == notUnicode) {
      storage += static_cast<char>(*at);
      at += 1;
    }
    codes.clear();
    while (at < stretch.end) {
      Character character = characterAt(at, end);
      appendDecomposed(codes, character.code);
      at += character.length;
    }
    for (uint32_t &code : codes)
      code |= combiningClass(code) << classShift;
    sortMarks(codes, keys);
    compose(codes);
    for (uint32_t code : codes)
      append(storage, code);
    stretch = nextStretch(at, end);
  }
  storage.append(at, end);
  return storage;
}
