//===- JsonScan.cpp - Looks at JSON before it is parsed -------------------===//
//
// A string directly inside of the outermost object is a key when a colon follows it.
//
//===----------------------------------------------------------------------===//
#include "frontends/Files/JsonScan.h"
#include "frontends/Files/Refusal.h"
#include "llvm/ADT/StringSet.h"

using namespace rwkvc;

// What llvm::json keeps a value in has 40 bytes, and a list that grows up to three times its values; an object with one
// key has 4 KiB. Vocabularies have up to a million values, models thousands of tensors.
static constexpr uint64_t mostValues = 1 << 20, mostObjects = 1 << 14;

/// The string that starts after the quote before `at`; leaves `at` behind its end.
static llvm::StringRef scanString(llvm::StringRef text, size_t &at) {
  size_t start = at;
  while (at < text.size() && text[at] != '"')
    at += text[at] == '\\' ? 2 : 1;
  size_t end = std::min(at, text.size());
  ++at;
  return text.slice(start, end);
}

llvm::Expected<size_t> rwkvc::scanJson(llvm::StringRef text, int mostDepth) {
  llvm::StringSet<> keys;
  llvm::StringRef last;
  int64_t depth = 0;
  uint64_t values = 0, objects = 0;
  for (size_t at = 0; at < text.size();) {
    char character = text[at++];
    if (character == '"') {
      last = scanString(text, at);
      continue;
    }
    bool opens = character == '{' || character == '[';
    // Each value but the first stands behind one of these.
    values += opens || character == ',' || character == ':';
    objects += character == '{';
    if (values > mostValues || objects > mostObjects)
      return refuse("its JSON has more than " + llvm::Twine(mostValues) + " values or " + llvm::Twine(mostObjects) +
                    " objects");
    if (opens && ++depth > mostDepth)
      return refuse("its JSON nests deeper than " + llvm::Twine(mostDepth) + " levels");
    if (character == '}' || character == ']')
      --depth;
    else if (character == ':' && depth == 1 && !keys.insert(last).second)
      return refuse(quoted(last) + " occurs twice in the header");
  }
  return keys.size();
}
