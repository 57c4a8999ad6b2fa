//===- ByteLevel.cpp - GPT-2's alphabet for bytes -------------------------===//
#include "frontends/Vocabularies/ByteLevel.h"
#include "llvm/Support/ConvertUTF.h"
#include <array>

using namespace rwkvc;

namespace {
constexpr uint32_t alphabetEnd = 0x144;

/// The byte of each code point of the alphabet, -1 for the others.
constexpr std::array<int16_t, alphabetEnd> byteOf = [] {
  std::array<int16_t, alphabetEnd> bytes{};
  bytes.fill(-1);
  uint32_t next = 0x100;
  for (int byte = 0; byte < 256; ++byte) {
    bool itself = (byte >= '!' && byte <= '~') || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    bytes[itself ? byte : next++] = static_cast<int16_t>(byte);
  }
  return bytes;
}();
static_assert(byteOf[alphabetEnd - 1] == 0xad);
} // namespace

std::optional<std::string> rwkvc::fromByteLevel(llvm::StringRef text) {
  std::string bytes;
  const llvm::UTF8 *at = text.bytes_begin();
  while (at != text.bytes_end()) {
    llvm::UTF32 code;
    if (llvm::convertUTF8Sequence(&at, text.bytes_end(), &code, llvm::strictConversion) != llvm::conversionOK ||
        code >= alphabetEnd || byteOf[code] < 0)
      return std::nullopt;
    bytes += static_cast<char>(byteOf[code]);
  }
  return bytes;
}
