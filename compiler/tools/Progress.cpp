//===- Progress.cpp - A line on a terminal that grows with the work -------===//
#include "compiler/tools/Progress.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace rwkvc;

Progress::Progress() : terminal(llvm::errs().is_displayed()) {}

Progress::~Progress() {
  if (!shown.empty())
    llvm::errs() << "\r\x1b[K";
}

void Progress::show(llvm::StringRef what, uint64_t done, uint64_t total) {
  if (!terminal)
    return;
  std::string line = what.str();
  if (total)
    line += ": " + llvm::utostr(static_cast<uint64_t>(100.0 * done / total)) + " %";
  if (line == shown)
    return;
  llvm::errs() << "\r\x1b[K" << line;
  shown = std::move(line);
}
