//===- InspectCheckpoint.h - What a checkpoint holds ------------*- C++ -*-===//
//
// For people as a table, for programs as JSON. Reads no tensor data.
//
//===----------------------------------------------------------------------===//
#ifndef COMPILER_TOOLS_INSPECTCHECKPOINT_H
#define COMPILER_TOOLS_INSPECTCHECKPOINT_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace rwkvc {

/// Prints to standard output.
llvm::Error inspectCheckpoint(llvm::StringRef path, bool json);

} // namespace rwkvc

#endif // COMPILER_TOOLS_INSPECTCHECKPOINT_H
