//===- Refusal.cpp - How readers say no -----------------------------------===//
//
// Bytes from files never reach a terminal unescaped.
//
//===----------------------------------------------------------------------===//
#include "frontends/Files/Refusal.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <system_error>

using namespace rwkvc;

llvm::Error rwkvc::refuse(const llvm::Twine &sentence) {
  return llvm::createStringError(std::make_error_code(std::errc::invalid_argument), sentence);
}

static std::string escaped(llvm::StringRef text) {
  std::string result;
  llvm::raw_string_ostream out(result);
  llvm::printEscapedString(text, out);
  return result;
}

std::string rwkvc::printable(llvm::StringRef text) {
  constexpr size_t most = 80;
  return escaped(text.take_front(most)) + (text.size() > most ? "..." : "");
}

std::string rwkvc::quoted(llvm::StringRef text) { return "'" + printable(text) + "'"; }

std::string rwkvc::quotedPath(llvm::StringRef path) { return "'" + escaped(path) + "'"; }

std::string rwkvc::shapeText(llvm::ArrayRef<int64_t> shape) {
  std::string result;
  llvm::raw_string_ostream out(result);
  out << '[';
  llvm::interleaveComma(shape, out);
  out << ']';
  return result;
}
