//===- JsonScan.cpp - Looks at JSON before it is parsed -------------------===//
//
// A string directly inside of the outermost object is a key when a colon follows it.
//
//===----------------------------------------------------------------------===//
#include "frontends/Files/JsonScan.h"
#include "frontends/Files/Refusal.h"
#include "llvm/ADT/StringSet.h"

using namespace rwkvc;

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
  int depth = 0;
  for (size_t at = 0; at < text.size();) {
    char character = text[at++];
    if (character == '"')
      last = scanString(text, at);
    else if ((character == '{' || character == '[') && ++depth > mostDepth)
      return refuse("its JSON nests deeper than " + llvm::Twine(mostDepth) + " levels");
    else if (character == '}' || character == ']')
      --depth;
    else if (character == ':' && depth == 1 && !keys.insert(last).second)
      return refuse(quoted(last) + " occurs twice in the header");
  }
  return keys.size();
}
