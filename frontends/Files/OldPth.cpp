//===- OldPth.cpp - .pth files of PyTorch before 1.6 ----------------------===//
//
// Five pickles one after the other: a magic number, the protocol, facts of the writing machine, the dict of tensors, a
// list of the storages' keys. Then the storages in the order of that list, each with its number of elements before it.
//
//===----------------------------------------------------------------------===//
#include "frontends/Files/OldPth.h"
#include "frontends/Files/Refusal.h"
#include "frontends/Files/StateDict.h"
#include "llvm/ADT/StringSwitch.h"
#include <optional>

using namespace rwkvc;

// The first pickle: an integer of ten bytes.
static constexpr llvm::StringLiteral magic = "\x80\x02\x8a\x0al\xfc\x9c\x46\xf9 j\xa8P\x19.";

static constexpr int64_t protocol = 1001;

bool rwkvc::looksLikeOldPth(Bytes file) { return asText(file).starts_with(magic); }

/// Also of types that tensors are not read as: their storages lie between those of others.
static std::optional<uint64_t> elementBytes(llvm::StringRef storage) {
  return llvm::StringSwitch<std::optional<uint64_t>>(storage)
      .Cases({"torch.DoubleStorage", "torch.LongStorage", "torch.ComplexFloatStorage"}, 8)
      .Cases({"torch.FloatStorage", "torch.IntStorage"}, 4)
      .Cases({"torch.HalfStorage", "torch.BFloat16Storage", "torch.ShortStorage"}, 2)
      .Cases({"torch.CharStorage", "torch.ByteStorage", "torch.BoolStorage"}, 1)
      .Case("torch.ComplexDoubleStorage", 16)
      .Default(std::nullopt);
}

static llvm::Error readProtocol(ByteReader &in) {
  llvm::Expected<Pickle> number = readPickle(in);
  if (!number)
    return number.takeError();
  const PickleValue &value = number->values[number->root];
  if (value.kind != PickleValue::Int || value.number != protocol)
    return refuse("its second pickle is not the protocol's number, " + llvm::Twine(protocol));
  return llvm::Error::success();
}

static llvm::Error readMachine(ByteReader &in) {
  llvm::Expected<Pickle> facts = readPickle(in);
  if (!facts)
    return facts.takeError();
  const PickleValue &dict = facts->values[facts->root];
  for (size_t i = 0; dict.kind == PickleValue::Dict && i < dict.items.size(); i += 2) {
    const PickleValue &key = facts->values[dict.items[i]], &value = facts->values[dict.items[i + 1]];
    if (key.kind == PickleValue::Str && key.text == "little_endian" && value.kind == PickleValue::Bool && value.number)
      return llvm::Error::success();
  }
  return refuse("its third pickle does not say that its numbers are little-endian");
}

/// The bytes of an element of every storage that the pickle names, by its key.
static llvm::StringMap<uint64_t> elementSizes(const Pickle &pickle) {
  llvm::StringMap<uint64_t> sizes;
  for (const PickleValue &value : pickle.values)
    if (value.kind == PickleValue::Storage)
      if (std::optional<uint64_t> bytes = elementBytes(pickle.values[value.items[1]].text))
        sizes.try_emplace(pickle.values[value.items[2]].text, *bytes);
  return sizes;
}

static llvm::Error readStorages(ByteReader &in, const Pickle &pickle, const Pickle &keys,
                                llvm::StringMap<Bytes> &storages) {
  llvm::StringMap<uint64_t> sizes = elementSizes(pickle);
  const PickleValue &list = keys.values[keys.root];
  if (list.kind != PickleValue::List)
    return refuse(llvm::Twine("its fifth pickle is ") + describe(list.kind) + ", but must be a list of storages");
  for (uint32_t item : list.items) {
    const PickleValue &key = keys.values[item];
    auto size = key.kind == PickleValue::Str ? sizes.find(key.text) : sizes.end();
    if (size == sizes.end())
      return refuse("its list of storages has " +
                    (key.kind == PickleValue::Str ? quoted(key.text) : std::string(describe(key.kind))) +
                    ", which no tensor names");
    std::optional<uint64_t> count = in.read<uint64_t>();
    if (!count || *count > in.left() / size->second)
      return refuse("storage " + quoted(key.text) + " of " + llvm::Twine(count.value_or(0)) +
                    " elements goes beyond the end of the file");
    if (!storages.try_emplace(key.text, *in.take(*count * size->second)).second)
      return refuse("storage " + quoted(key.text) + " occurs twice");
  }
  return llvm::Error::success();
}

llvm::Error rwkvc::readOldPth(Checkpoint &checkpoint) {
  ByteReader in(checkpoint.file->bytes());
  in.take(magic.size());
  if (llvm::Error error = readProtocol(in))
    return error;
  if (llvm::Error error = readMachine(in))
    return error;
  llvm::Expected<Pickle> pickle = readPickle(in);
  if (!pickle)
    return pickle.takeError();
  llvm::Expected<Pickle> keys = readPickle(in);
  if (!keys)
    return keys.takeError();
  llvm::StringMap<Bytes> storages;
  if (llvm::Error error = readStorages(in, *pickle, *keys, storages))
    return error;
  return readStateDict(checkpoint, *pickle, storages);
}
