//===- Verbs.cpp - What all verbs of the rwkvc command share --------------===//
//
// One line for a failure, one way to write sizes.
//
//===----------------------------------------------------------------------===//
#include "compiler/tools/Verbs.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include <CLI/CLI.hpp>

void rwkvc::fail(const llvm::Twine &sentence) {
  llvm::errs() << "rwkvc: error: " << sentence << '\n';
  throw CLI::RuntimeError(1);
}

void rwkvc::fail(llvm::Error error) { fail(llvm::toString(std::move(error))); }

std::string rwkvc::bytesText(uint64_t bytes) {
  static constexpr const char *units[] = {"B", "kB", "MB", "GB", "TB"};
  double value = static_cast<double>(bytes);
  size_t unit = 0;
  for (; value >= 1000 && unit + 1 < std::size(units); ++unit)
    value /= 1000;
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format(unit == 0 ? "%.0f " : "%.2f ", value) << units[unit];
  return text;
}
