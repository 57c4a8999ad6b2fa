//===- Zip.h - The directory of a zip archive -------------------*- C++ -*-===//
//
// Only what torch.save writes: stored (not compressed) entries, so that tensors can be mapped.
//
//===----------------------------------------------------------------------===//
#ifndef FRONTENDS_FILES_ZIP_H
#define FRONTENDS_FILES_ZIP_H

#include "frontends/Files/ByteReader.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"

namespace rwkvc {

/// The bytes of every entry by its name, as views into `file`.
llvm::Expected<llvm::StringMap<Bytes>> readZip(Bytes file);

} // namespace rwkvc

#endif // FRONTENDS_FILES_ZIP_H
