//===- Verbs.h - What the rwkvc command can do ------------------*- C++ -*-===//
//
// A verb is one file that adds one subcommand: its options, an example and what it runs. Verbs
// report a failure by `fail`, which main turns into exit code 1.
//
//===----------------------------------------------------------------------===//
#ifndef COMPILER_TOOLS_VERBS_H
#define COMPILER_TOOLS_VERBS_H

#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <string>

namespace CLI {
class App;
}

namespace rwkvc {

void addCompile(CLI::App &app);
void addSynth(CLI::App &app);
void addTune(CLI::App &app);

/// What `tune` starts for its candidates; not for people.
void addMeasureKernels(CLI::App &app);
void addInspect(CLI::App &app);

/// Prints "rwkvc: error: ..." on one line and leaves the verb.
[[noreturn]] void fail(const llvm::Twine &sentence);
[[noreturn]] void fail(llvm::Error error);

/// Whether the file is a compiled module, or was one before it was damaged.
llvm::Expected<bool> isModule(llvm::StringRef path);

/// "1.53 GB", in powers of 1000.
std::string bytesText(uint64_t bytes);

} // namespace rwkvc

#endif // COMPILER_TOOLS_VERBS_H
