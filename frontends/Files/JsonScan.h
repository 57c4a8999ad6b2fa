//===- JsonScan.h - Looks at JSON before it is parsed -----------*- C++ -*-===//
//
// llvm::json recurses without a limit, takes memory of many times its text, and lets the last of two
// equal keys win silently. This scan of untrusted text refuses all three, and builds nothing.
//
//===----------------------------------------------------------------------===//
#ifndef FRONTENDS_FILES_JSONSCAN_H
#define FRONTENDS_FILES_JSONSCAN_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace rwkvc {

/// Refuses text that nests deeper than `mostDepth` or has more than a million values, and an outermost
/// object with two equal keys.
/// Text that is not JSON may pass. The result is the number of keys of the outermost object: a parser
/// that finds fewer has met two spellings of one key.
llvm::Expected<size_t> scanJson(llvm::StringRef text, int mostDepth);

} // namespace rwkvc

#endif // FRONTENDS_FILES_JSONSCAN_H
