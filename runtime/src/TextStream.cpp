// Stop texts are followed byte by byte (Knuth, Morris, Pratt), so that a long one costs no more than a short one.
#include "runtime/src/TextStream.h"

#include <algorithm>

using namespace rwkvc;

// fallback[i]: with i + 1 bytes matched and the next one wrong, so many bytes still match.
static std::vector<uint32_t> fallbackOf(std::string_view text) {
  std::vector<uint32_t> fallback(text.size(), 0);
  for (uint32_t i = 1, length = 0; i < text.size(); ++i) {
    while (length > 0 && text[i] != text[length])
      length = fallback[length - 1];
    length += text[i] == text[length];
    fallback[i] = length;
  }
  return fallback;
}

TextStream::TextStream(const std::vector<std::string_view> &texts) {
  for (std::string_view text : texts)
    stops.push_back({std::string(text), fallbackOf(text)});
}

// True if a stop text ends with this byte; `held` then ends before the longest that does.
bool TextStream::advance(char byte) {
  held.push_back(byte);
  size_t longest = 0;
  for (Stop &stop : stops) {
    while (stop.matched > 0 && byte != stop.text[stop.matched])
      stop.matched = stop.fallback[stop.matched - 1];
    stop.matched += byte == stop.text[stop.matched];
    if (stop.matched == stop.text.size())
      longest = std::max(longest, stop.text.size());
  }
  held.resize(held.size() - longest);
  return longest > 0;
}

bool TextStream::append(std::string_view bytes) {
  clearReady();
  for (char byte : bytes)
    if (advance(byte)) {
      readyBytes = held.size();
      return true;
    }
  findReady();
  return false;
}

void TextStream::findReady() {
  size_t matched = 0;
  for (const Stop &stop : stops)
    matched = std::max<size_t>(matched, stop.matched);
  readyBytes = held.size() - matched;
  readyBytes -= incompleteBytes(ready());
}

void TextStream::finish() { readyBytes = held.size(); }

void TextStream::clearReady() {
  held.erase(0, readyBytes);
  readyBytes = 0;
}

size_t rwkvc::incompleteBytes(std::string_view text) {
  auto at = [&](size_t back) { return static_cast<uint8_t>(text[text.size() - back]); };
  for (size_t back = 1; back <= std::min<size_t>(3, text.size()); ++back) {
    uint8_t lead = at(back);
    if (lead >> 6 == 2)
      continue; // a later byte of a character
    size_t needed = lead >= 0xc2 && lead <= 0xdf ? 2 : lead >> 4 == 0xe ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 1;
    if (needed <= back)
      return 0;
    // Second bytes that only an overlong form, a surrogate or a number past the last character has.
    uint8_t second = back > 1 ? at(back - 1) : 0;
    bool isWrong = back > 1 && ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) ||
                                (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f));
    return isWrong ? 0 : back;
  }
  return 0;
}
