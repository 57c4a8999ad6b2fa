// Bytes in as tokens give them, text out as a reader may see it: whole characters, and nothing of a stop text.
// What comes out does not depend on how the bytes were cut into tokens.
#ifndef RUNTIME_SRC_TEXTSTREAM_H
#define RUNTIME_SRC_TEXTSTREAM_H

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rwkvc {

class TextStream {
public:
  // No stop text is empty.
  explicit TextStream(const std::vector<std::string_view> &stops);

  // Returns true at a stop text: the text before it is then ready, and whatever follows it is dropped.
  bool append(std::string_view bytes);
  // No more will come: all that was held back is ready.
  void finish();

  // What can be handed on; valid until the next call of append.
  std::string_view ready() const { return std::string_view(held).substr(0, readyBytes); }
  void clearReady();

private:
  struct Stop {
    std::string text;
    std::vector<uint32_t> fallback; // [text size]: see TextStream.cpp
    uint32_t matched = 0;           // bytes of it that the text ends with
  };
  bool advance(char byte);
  void findReady();

  std::vector<Stop> stops;
  std::string held; // read, but not handed on
  size_t readyBytes = 0;
};

// Bytes at the end of `text` that may be the beginning of a UTF-8 character: 0 to 3.
size_t incompleteBytes(std::string_view text);

} // namespace rwkvc

#endif // RUNTIME_SRC_TEXTSTREAM_H
