//===- InspectCheckpoint.h - What a checkpoint holds ------------*- C++ -*-===//
//
// For people as a table, for programs as JSON. Reads no tensor data but that of a tensor asked for.
//
//===----------------------------------------------------------------------===//
#ifndef COMPILER_TOOLS_INSPECTCHECKPOINT_H
#define COMPILER_TOOLS_INSPECTCHECKPOINT_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace rwkvc {

/// Prints to standard output what the file holds.
llvm::Error inspectCheckpoint(llvm::StringRef path, bool json);

/// Prints the values of one tensor, a line for each row of its last dimension.
llvm::Error printTensor(llvm::StringRef path, llvm::StringRef name);

} // namespace rwkvc

#endif // COMPILER_TOOLS_INSPECTCHECKPOINT_H
