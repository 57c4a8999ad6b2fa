//===- Formats.h - One recogniser and one reader per container --*- C++ -*-===//
//
// A reader gets a checkpoint that holds only the mapping, and fills in the rest. Its sentences do
// not name the file: openCheckpoint does.
//
//===----------------------------------------------------------------------===//
#ifndef FRONTENDS_FILES_FORMATS_H
#define FRONTENDS_FILES_FORMATS_H

#include "frontends/Files/ByteReader.h"
#include "frontends/Files/Checkpoint.h"

namespace rwkvc {

/// A checkpoint of one file, whatever its container; never an index.
llvm::Expected<Checkpoint> openFile(std::shared_ptr<MappedFile> file);

bool looksLikeIndex(Bytes file);
llvm::Error readIndex(Checkpoint &checkpoint);

bool looksLikeSafetensors(Bytes file);
llvm::Error readSafetensors(Checkpoint &checkpoint);

bool looksLikePth(Bytes file);
llvm::Error readPth(Checkpoint &checkpoint);

bool looksLikeRwkvCpp(Bytes file);
llvm::Error readRwkvCpp(Checkpoint &checkpoint);

bool looksLikeGguf(Bytes file);
llvm::Error readGguf(Checkpoint &checkpoint);

} // namespace rwkvc

#endif // FRONTENDS_FILES_FORMATS_H
