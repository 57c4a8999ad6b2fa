//===- Refusal.h - How readers say no ---------------------------*- C++ -*-===//
//
// A refusal is one line, whatever bytes the file holds: names from files are quoted through here.
//
//===----------------------------------------------------------------------===//
#ifndef FRONTENDS_FILES_REFUSAL_H
#define FRONTENDS_FILES_REFUSAL_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <string>

namespace rwkvc {

/// `sentence` is lower case and has no full stop; openCheckpoint adds the file's name.
llvm::Error refuse(const llvm::Twine &sentence);

/// `text` without control characters and at most 80 characters of it, for messages and tables.
std::string printable(llvm::StringRef text);

/// The same, between single quotes.
std::string quoted(llvm::StringRef text);

/// The same for the path of a file, whole: what tells two paths apart is mostly at their ends.
std::string quotedPath(llvm::StringRef path);

/// "[2, 128]".
std::string shapeText(llvm::ArrayRef<int64_t> shape);

} // namespace rwkvc

#endif // FRONTENDS_FILES_REFUSAL_H
