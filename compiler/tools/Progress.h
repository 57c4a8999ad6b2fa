//===- Progress.h - A line on a terminal that grows with the work -*- C++ -*-===//
#ifndef COMPILER_TOOLS_PROGRESS_H
#define COMPILER_TOOLS_PROGRESS_H

#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <string>

namespace rwkvc {

/// Rewrites one line of standard error, and removes it in the end; silent when that is no terminal.
class Progress {
public:
  Progress();
  ~Progress();
  Progress(const Progress &) = delete;

  /// "writing weights: 42 %". Without a total only `what` is shown.
  void show(llvm::StringRef what, uint64_t done = 0, uint64_t total = 0);

private:
  bool terminal;
  std::string shown;
};

} // namespace rwkvc

#endif // COMPILER_TOOLS_PROGRESS_H
