//===- World.cpp - RWKV's World vocabulary --------------------------------===//
//
// A line is an id, a Python literal and the literal's length in bytes: 33155 'Hello' 5. Id 0 has
// no line: it ends a text.
//
//===----------------------------------------------------------------------===//
#include "frontends/Files/Refusal.h"
#include "frontends/Vocabularies/Formats.h"
#include "frontends/Vocabularies/PythonLiteral.h"

using namespace rwkvc;
using llvm::StringRef;

static StringRef takeLine(StringRef &text) {
  auto [line, rest] = text.split('\n');
  text = rest;
  line.consume_back("\r");
  return line;
}

bool rwkvc::looksLikeWorld(StringRef text) {
  StringRef line = takeLine(text);
  uint64_t id;
  return !line.consumeInteger(10, id) && line.consume_front(" ") &&
         (line.starts_with("'") || line.starts_with("\"") || line.starts_with("b'") || line.starts_with("b\""));
}

static llvm::Error readLine(Vocabulary &vocabulary, StringRef line, uint64_t number) {
  auto wrong = [&](const llvm::Twine &what) { return refuse("line " + llvm::Twine(number) + " " + what); };
  size_t first = line.find(' '), last = line.rfind(' ');
  uint64_t id, length;
  if (first == StringRef::npos || first == last || line.take_front(first).getAsInteger(10, id) ||
      line.drop_front(last + 1).getAsInteger(10, length))
    return wrong("is " + quoted(line) + ", which is not an id, a literal and a length");
  if (id == 0)
    return wrong("is about id 0, which ends a text and has no bytes");
  StringRef literal = line.slice(first + 1, last);
  std::optional<std::string> bytes = parsePythonLiteral(literal);
  if (!bytes)
    return wrong("has " + quoted(literal) + ", which is no literal of Python's text or bytes");
  if (bytes->empty())
    return wrong("gives id " + llvm::Twine(id) + " no bytes");
  if (bytes->size() != length)
    return wrong("says that " + quoted(literal) + " has " + llvm::Twine(length) + " bytes, but it has " +
                 llvm::Twine(bytes->size()));
  if (llvm::Error error = vocabulary.set(id, std::move(*bytes)))
    return wrong(llvm::toString(std::move(error)));
  return llvm::Error::success();
}

llvm::Expected<Vocabulary> rwkvc::readWorld(StringRef text) {
  Vocabulary vocabulary;
  vocabulary.kind = RWKVC_TOKENIZER_LONGEST_MATCH;
  vocabulary.end = 0;
  for (uint64_t number = 1; !text.empty(); ++number)
    if (llvm::Error error = readLine(vocabulary, takeLine(text), number))
      return std::move(error);
  return vocabulary;
}
