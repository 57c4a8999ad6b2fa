//===- ByteLevel.h - GPT-2's alphabet for bytes -----------------*- C++ -*-===//
#ifndef FRONTENDS_VOCABULARIES_BYTELEVEL_H
#define FRONTENDS_VOCABULARIES_BYTELEVEL_H

#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>

namespace rwkvc {

/// The bytes that UTF-8 `text` spells; none if a character is not of the alphabet. Bytes that are printable in
/// Latin-1 stand for themselves, the other 68 for U+0100 and what follows, in their order.
std::optional<std::string> fromByteLevel(llvm::StringRef text);

} // namespace rwkvc

#endif // FRONTENDS_VOCABULARIES_BYTELEVEL_H
