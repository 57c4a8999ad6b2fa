//===- Files.cpp - The list of checkpoint formats -------------------------===//
//
// Formats are told apart by content: released files carry any extension. To add one, write its
// reader and add a line to the list.
//
//===----------------------------------------------------------------------===//
#include "frontends/Files/Formats.h"
#include "frontends/Files/Refusal.h"

using namespace rwkvc;

namespace {
struct Format {
  const char *container;
  bool (*looksLike)(Bytes file);
  llvm::Error (*read)(Checkpoint &checkpoint);
};
} // namespace

// Most specific first: safetensors has no magic number.
static constexpr Format formats[] = {
    {"gguf", looksLikeGguf, readGguf},
    {"rwkv.cpp", looksLikeRwkvCpp, readRwkvCpp},
    {"pth", looksLikePth, readPth},
    {"safetensors", looksLikeSafetensors, readSafetensors},
};

llvm::Expected<Checkpoint> rwkvc::openCheckpoint(llvm::StringRef path) {
  llvm::Expected<std::shared_ptr<MappedFile>> file = MappedFile::open(path);
  if (!file)
    return file.takeError();
  Checkpoint checkpoint;
  checkpoint.file = *file;
  for (const Format &format : formats) {
    if (!format.looksLike(checkpoint.file->bytes()))
      continue;
    checkpoint.container = format.container;
    llvm::Error error = format.read(checkpoint);
    if (!error && checkpoint.tensors.empty())
      error = refuse("it holds no tensors");
    if (error)
      return refuse("cannot read " + quotedPath(path) + " as " + format.container + ": " +
                    llvm::toString(std::move(error)));
    return checkpoint;
  }
  return refuse("cannot read " + quotedPath(path) +
                ": it is none of safetensors, PyTorch (.pth), rwkv.cpp (.bin) and gguf");
}
