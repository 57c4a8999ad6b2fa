//===- PythonLiteral.h - Strings as Python writes them ----------*- C++ -*-===//
#ifndef FRONTENDS_VOCABULARIES_PYTHONLITERAL_H
#define FRONTENDS_VOCABULARIES_PYTHONLITERAL_H

#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>

namespace rwkvc {

/// The bytes of 'text' (as UTF-8) or b'bytes', between either quote. None for what Python refuses, and for
/// triple quotes, other prefixes and \N{...}.
std::optional<std::string> parsePythonLiteral(llvm::StringRef literal);

/// The same for what stands between the quotes of a bytes literal.
std::optional<std::string> parsePythonBytes(llvm::StringRef body);

} // namespace rwkvc

#endif // FRONTENDS_VOCABULARIES_PYTHONLITERAL_H
