//===- Shards.cpp - Checkpoints in several files --------------------------===//
//
// Their index is a JSON object whose weight_map says which file has which tensor. Files lie beside the index: a name
// that leads elsewhere is refused, so that nothing is opened that was not given.
//
//===----------------------------------------------------------------------===//
#include "frontends/Files/Formats.h"
#include "frontends/Files/JsonScan.h"
#include "frontends/Files/Refusal.h"
#include "frontends/Files/TensorBounds.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"
#include <set>

using namespace rwkvc;

// As of a safetensors header.
static constexpr uint64_t mostIndexBytes = 4 << 20;

// Released models have up to some dozens, and each takes a mapping.
static constexpr size_t mostShards = 1024;

bool rwkvc::looksLikeIndex(Bytes file) {
  // A safetensors file may begin with this byte, as part of a number that has zeros in it.
  llvm::StringRef text = asText(file);
  return text.ltrim().starts_with("{") && !text.take_front(8).contains('\0');
}

static llvm::Error checkName(llvm::StringRef name) {
  if (name.empty() || name == "." || name == ".." || name.contains('/') || name.contains('\0'))
    return refuse("its weight_map names the file " + quoted(name) + ", but shards must lie beside the index");
  return llvm::Error::success();
}

/// Adds the tensors of one shard, which must be those that the index has for it.
static llvm::Error addShard(Checkpoint &checkpoint, llvm::StringRef name, const std::set<llvm::StringRef> &promised) {
  llvm::SmallString<128> path = llvm::sys::path::parent_path(checkpoint.file->path());
  llvm::sys::path::append(path, name);
  llvm::Expected<std::shared_ptr<MappedFile>> file = MappedFile::open(path);
  if (!file)
    return file.takeError();
  llvm::Expected<Checkpoint> shard = openFile(*file);
  if (!shard)
    return shard.takeError();
  if (checkpoint.shards.empty()) {
    checkpoint.container = shard->container;
    checkpoint.metadata = shard->metadata;
  }
  checkpoint.shards.push_back(*file);
  for (llvm::StringRef tensor : promised) {
    auto found = shard->tensors.find(tensor);
    if (found == shard->tensors.end())
      return refuse("its weight_map has tensor " + quoted(tensor) + " in " + quoted(name) +
                    ", which has no such tensor");
    if (llvm::Error error = addTensor(checkpoint, tensor, found->second))
      return error;
  }
  return llvm::Error::success();
}

llvm::Error rwkvc::readIndex(Checkpoint &checkpoint) {
  llvm::StringRef text = asText(checkpoint.file->bytes());
  if (text.size() > mostIndexBytes)
    return refuse("it has " + llvm::Twine(text.size()) + " bytes, but at most " + llvm::Twine(mostIndexBytes) +
                  " are read");
  // Outermost object, weight_map: nothing that is needed is deeper.
  llvm::Expected<size_t> keys = scanJson(text, /*mostDepth=*/3);
  if (!keys)
    return keys.takeError();
  llvm::Expected<llvm::json::Value> parsed = llvm::json::parse(text);
  if (!parsed)
    return refuse("it is not JSON: " + printable(llvm::toString(parsed.takeError())));
  const llvm::json::Object *object = parsed->getAsObject();
  const llvm::json::Object *map = object ? object->getObject("weight_map") : nullptr;
  if (!map)
    return refuse("it is JSON without a 'weight_map' object");
  std::map<llvm::StringRef, std::set<llvm::StringRef>> shards; // ordered, so that what is refused is the same each time
  for (const auto &[tensor, value] : *map) {
    std::optional<llvm::StringRef> name = value.getAsString();
    if (!name)
      return refuse("its weight_map has something else than a file name for tensor " + quoted(tensor));
    shards[*name].insert(tensor);
  }
  if (shards.size() > mostShards)
    return refuse("its weight_map names " + llvm::Twine(shards.size()) + " files, but at most " +
                  llvm::Twine(mostShards) + " are read");
  for (const auto &[name, tensors] : shards) {
    if (llvm::Error error = checkName(name))
      return error;
    if (llvm::Error error = addShard(checkpoint, name, tensors))
      return error;
  }
  return llvm::Error::success();
}
