//===- ChildProcess.h - This program once more, on a leash -------*- C++ -*-===//
#ifndef COMPILER_TUNE_CHILDPROCESS_H
#define COMPILER_TUNE_CHILDPROCESS_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>
#include <sys/types.h>
#include <vector>

namespace rwkvc::tune {

/// Reads `input` as its standard input; its standard output is read line by line. It dies with this process.
class ChildProcess {
public:
  static llvm::Expected<ChildProcess> start(const std::vector<std::string> &arguments, llvm::StringRef input,
                                            uint64_t mostBytes);
  ChildProcess(ChildProcess &&other);
  ~ChildProcess(); // kills it

  enum class Event { Line, End, Timeout };

  /// Waits for the next line at most so long.
  Event next(std::string &line, double seconds);

  /// After the end: what it wrote to standard error, one line.
  std::string complaint() const;

private:
  ChildProcess(pid_t pid, int output, int errors) : pid(pid), output(output), errors(errors) {}

  pid_t pid; // or -1
  int output, errors;
  std::string pending;
};

} // namespace rwkvc::tune

#endif // COMPILER_TUNE_CHILDPROCESS_H
