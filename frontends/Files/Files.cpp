//===- Files.cpp - The list of checkpoint formats -------------------------===//
//
// Formats are told apart by content: released files carry any extension. To add one, write its
// reader and add a line to the list.
//
//===----------------------------------------------------------------------===//
#include "frontends/Files/Formats.h"
#include "frontends/Files/Refusal.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

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

static constexpr Format shardIndex = {"an index of shards", looksLikeIndex, readIndex};

/// What a folder may hold, in the order of preference.
static constexpr llvm::StringLiteral namesInFolder[] = {"model.safetensors.index.json", "model.safetensors",
                                                        "pytorch_model.bin.index.json", "pytorch_model.bin"};

uint64_t Checkpoint::fileBytes() const {
  uint64_t bytes = file->bytes().size();
  for (const auto &shard : shards)
    bytes += shard->bytes().size();
  return bytes;
}

void Checkpoint::release(llvm::ArrayRef<std::byte> range) const {
  file->release(range);
  for (const auto &shard : shards)
    shard->release(range);
}

static llvm::Expected<Checkpoint> read(std::shared_ptr<MappedFile> file, const Format &format) {
  Checkpoint checkpoint;
  checkpoint.file = std::move(file);
  checkpoint.container = format.container;
  llvm::Error error = format.read(checkpoint);
  if (!error && checkpoint.tensors.empty())
    error = refuse("it holds no tensors");
  if (error)
    return refuse("cannot read " + quotedPath(checkpoint.file->path()) + " as " + format.container + ": " +
                  llvm::toString(std::move(error)));
  return checkpoint;
}

llvm::Expected<Checkpoint> rwkvc::openFile(std::shared_ptr<MappedFile> file) {
  for (const Format &format : formats)
    if (format.looksLike(file->bytes()))
      return read(std::move(file), format);
  return refuse("cannot read " + quotedPath(file->path()) +
                ": it is none of safetensors, PyTorch (.pth), rwkv.cpp (.bin) and gguf");
}

static llvm::Expected<std::string> inFolder(llvm::StringRef folder) {
  for (llvm::StringRef name : namesInFolder) {
    llvm::SmallString<128> path = folder;
    llvm::sys::path::append(path, name);
    if (llvm::sys::fs::exists(path))
      return std::string(path);
  }
  return refuse("cannot read " + quotedPath(folder) + ": it is a folder without " + namesInFolder[1] + " and " +
                namesInFolder[0]);
}

llvm::Expected<Checkpoint> rwkvc::openCheckpoint(llvm::StringRef path) {
  std::string name = path.str();
  if (llvm::sys::fs::is_directory(path)) {
    llvm::Expected<std::string> found = inFolder(path);
    if (!found)
      return found.takeError();
    name = *found;
  }
  llvm::Expected<std::shared_ptr<MappedFile>> file = MappedFile::open(name);
  if (!file)
    return file.takeError();
  if (shardIndex.looksLike((*file)->bytes()))
    return read(*file, shardIndex);
  return openFile(*file);
}
