//===- Safetensors.cpp - The .safetensors reader --------------------------===//
//
// Eight bytes with the header's length, a JSON object from names to dtype, shape and data_offsets,
// then the data, to which the offsets refer. It is dense, little-endian and row-major.
//
//===----------------------------------------------------------------------===//
#include "frontends/Files/Formats.h"
#include "frontends/Files/JsonScan.h"
#include "frontends/Files/Refusal.h"
#include "frontends/Files/TensorBounds.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/JSON.h"
#include <optional>

using namespace rwkvc;

// A model of 100 layers needs less than a megabyte.
static constexpr uint64_t mostHeaderBytes = 4 << 20;

bool rwkvc::looksLikeSafetensors(Bytes file) { return file.size() > 8 && file[8] == std::byte('{'); }

static llvm::Expected<DType> dtypeOf(llvm::StringRef name, llvm::StringRef text) {
  auto dtype = llvm::StringSwitch<std::optional<DType>>(text)
                   .Case("F32", DType::F32)
                   .Case("F16", DType::F16)
                   .Case("BF16", DType::BF16)
                   .Default(std::nullopt);
  if (!dtype)
    return refuse("tensor " + quoted(name) + " has dtype " + quoted(text) + ", but only F32, F16 and BF16 are read");
  return *dtype;
}

/// The non-negative integers of a JSON array; none if it is anything else.
static std::optional<llvm::SmallVector<int64_t, 4>> integers(const llvm::json::Array *array) {
  if (!array)
    return std::nullopt;
  llvm::SmallVector<int64_t, 4> result;
  for (const llvm::json::Value &element : *array) {
    std::optional<int64_t> value = element.getAsInteger();
    if (!value || *value < 0)
      return std::nullopt;
    result.push_back(*value);
  }
  return result;
}

static llvm::Error readTensor(Checkpoint &checkpoint, llvm::StringRef name, const llvm::json::Value &description,
                              Bytes data) {
  const llvm::json::Object *object = description.getAsObject();
  if (!object)
    return refuse("the header describes tensor " + quoted(name) + " by something else than an object");
  std::optional<llvm::StringRef> dtypeText = object->getString("dtype");
  if (!dtypeText)
    return refuse("tensor " + quoted(name) + " has no 'dtype' text");
  llvm::Expected<DType> dtype = dtypeOf(name, *dtypeText);
  if (!dtype)
    return dtype.takeError();
  auto shape = integers(object->getArray("shape"));
  if (!shape)
    return refuse("tensor " + quoted(name) + " has no 'shape' of non-negative integers");
  auto offsets = integers(object->getArray("data_offsets"));
  if (!offsets || offsets->size() != 2)
    return refuse("tensor " + quoted(name) + " has no 'data_offsets' of two non-negative integers");
  llvm::Expected<uint64_t> bytes = denseBytes(name, *dtype, *shape);
  if (!bytes)
    return bytes.takeError();
  uint64_t begin = (*offsets)[0], end = (*offsets)[1];
  if (begin > end || end - begin != *bytes)
    return refuse("tensor " + quoted(name) + " of shape " + shapeText(*shape) + " needs " + llvm::Twine(*bytes) +
                  " bytes, but its data_offsets are " + shapeText(*offsets));
  return addDenseTensor(checkpoint, name, *dtype, *shape, data, begin);
}

static llvm::Error readMetadata(Checkpoint &checkpoint, const llvm::json::Value &metadata) {
  const llvm::json::Object *object = metadata.getAsObject();
  if (!object)
    return refuse("its '__metadata__' is not an object");
  for (const auto &[key, value] : *object) {
    std::optional<llvm::StringRef> text = value.getAsString();
    if (!text)
      return refuse("its metadata " + quoted(key) + " is not a text");
    checkpoint.metadata[key.str()] = text->str();
  }
  return llvm::Error::success();
}

/// The header's text; `in` is left at the data.
static llvm::Expected<llvm::StringRef> headerText(ByteReader &in) {
  std::optional<uint64_t> length = in.read<uint64_t>();
  if (!length)
    return refuse("the file ends inside of the header's length");
  if (*length > mostHeaderBytes)
    return refuse("its header claims " + llvm::Twine(*length) + " bytes, but at most " + llvm::Twine(mostHeaderBytes) +
                  " are read");
  std::optional<llvm::StringRef> text = in.takeText(*length);
  if (!text)
    return refuse("its header claims " + llvm::Twine(*length) + " bytes, but only " + llvm::Twine(in.left()) +
                  " follow");
  return *text;
}

llvm::Error rwkvc::readSafetensors(Checkpoint &checkpoint) {
  ByteReader in(checkpoint.file->bytes());
  llvm::Expected<llvm::StringRef> text = headerText(in);
  if (!text)
    return text.takeError();
  // Outermost object, tensor, list: nothing in the format is deeper.
  llvm::Expected<size_t> keys = scanJson(*text, /*mostDepth=*/3);
  if (!keys)
    return keys.takeError();
  llvm::Expected<llvm::json::Value> header = llvm::json::parse(*text);
  if (!header)
    return refuse("its header is not JSON: " + printable(llvm::toString(header.takeError())));
  const llvm::json::Object *object = header->getAsObject();
  if (!object)
    return refuse("its header is not a JSON object");
  if (object->size() != *keys)
    return refuse("its header names a tensor twice, in different spellings");
  Bytes data = *in.take(in.left());
  for (const auto &[key, value] : *object) {
    llvm::Error error =
        key == "__metadata__" ? readMetadata(checkpoint, value) : readTensor(checkpoint, key, value, data);
    if (error)
      return error;
  }
  return refuseOverlaps(checkpoint);
}
