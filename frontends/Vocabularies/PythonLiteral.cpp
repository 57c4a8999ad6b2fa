//===- PythonLiteral.cpp - Strings as Python writes them ------------------===//
//
// An escape that Python does not know stays as it is written, backslash and all, as in Python.
//
//===----------------------------------------------------------------------===//
#include "frontends/Vocabularies/PythonLiteral.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"

using namespace rwkvc;
using llvm::StringRef;

/// In bytes a number is a byte, in text a code point, which is no surrogate.
static bool append(std::string &out, uint32_t value, bool bytes) {
  if (bytes) {
    out += static_cast<char>(value); // an octal above 0o377 loses its top bit, as in Python
    return true;
  }
  char buffer[4], *end = buffer;
  if (!llvm::ConvertCodePointToUTF8(value, end))
    return false;
  out.append(buffer, end);
  return true;
}

/// Takes `digits` digits of base 16 from the start of `rest`.
static std::optional<uint32_t> takeHex(StringRef &rest, size_t digits) {
  uint32_t value;
  if (rest.size() < digits || !llvm::all_of(rest.take_front(digits), llvm::isHexDigit) ||
      rest.take_front(digits).getAsInteger(16, value))
    return std::nullopt;
  rest = rest.drop_front(digits);
  return value;
}

static uint32_t takeOctal(StringRef &rest) {
  uint32_t value = 0;
  for (int i = 0; i < 3 && !rest.empty() && rest.front() >= '0' && rest.front() <= '7'; ++i) {
    value = value * 8 + static_cast<uint32_t>(rest.front() - '0');
    rest = rest.drop_front();
  }
  return value;
}

/// `rest` starts behind a backslash.
static bool takeEscape(StringRef &rest, std::string &out, bool bytes) {
  if (rest.empty())
    return false;
  char kind = rest.front();
  if (kind >= '0' && kind <= '7')
    return append(out, takeOctal(rest), bytes);
  static constexpr StringRef named = "\\'\"abfnrtv", meant = "\\'\"\a\b\f\n\r\t\v";
  if (size_t at = named.find(kind); at != StringRef::npos) {
    out += meant[at];
    rest = rest.drop_front();
    return true;
  }
  size_t digits = kind == 'x' ? 2 : kind == 'u' && !bytes ? 4 : kind == 'U' && !bytes ? 8 : 0;
  if (digits) {
    rest = rest.drop_front();
    std::optional<uint32_t> value = takeHex(rest, digits);
    return value && append(out, *value, bytes);
  }
  if (kind == 'N' && !bytes)
    return false;
  out += '\\'; // what follows is read as itself
  return true;
}

static std::optional<std::string> parse(StringRef body, bool bytes) {
  std::string out;
  while (!body.empty()) {
    char character = body.front();
    body = body.drop_front();
    if (character == '\\') {
      if (!takeEscape(body, out, bytes))
        return std::nullopt;
      continue;
    }
    if (bytes && !llvm::isASCII(character))
      return std::nullopt;
    out += character;
  }
  return out;
}

std::optional<std::string> rwkvc::parsePythonBytes(StringRef body) { return parse(body, /*bytes=*/true); }

std::optional<std::string> rwkvc::parsePythonLiteral(StringRef literal) {
  bool bytes = literal.consume_front("b");
  if (literal.size() < 2 || (literal.front() != '\'' && literal.front() != '"') || literal.back() != literal.front())
    return std::nullopt;
  char quote = literal.front();
  StringRef body = literal.drop_front().drop_back();
  // The quote may only stand behind an odd number of backslashes; one that ends the body would take the last quote.
  for (size_t i = 0; i < body.size(); ++i) {
    if (body[i] == quote)
      return std::nullopt;
    if (body[i] == '\\' && ++i == body.size())
      return std::nullopt;
  }
  const auto *begin = reinterpret_cast<const llvm::UTF8 *>(body.begin());
  if (!bytes && !llvm::isLegalUTF8String(&begin, reinterpret_cast<const llvm::UTF8 *>(body.end())))
    return std::nullopt;
  return parse(body, bytes);
}
