//===- GgufMetadata.cpp - GGUF's key-value pairs --------------------------===//
//
// Every element of an array takes bytes of the file, so walking one is bounded by the file's size
// whatever its count claims.
//
//===----------------------------------------------------------------------===//
#include "frontends/Files/GgufMetadata.h"
#include "frontends/Files/Refusal.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace rwkvc;

namespace {
enum ValueType : uint32_t {
  U8,
  I8,
  U16,
  I16,
  U32,
  I32,
  F32,
  Bool,
  String,
  Array,
  U64,
  I64,
  F64,
};
} // namespace

std::optional<llvm::StringRef> rwkvc::readGgufString(ByteReader &in) {
  std::optional<uint64_t> length = in.read<uint64_t>();
  if (!length)
    return std::nullopt;
  return in.takeText(*length);
}

template <typename T> static std::optional<std::string> integerText(ByteReader &in) {
  std::optional<T> value = in.read<T>();
  if (!value)
    return std::nullopt;
  return std::to_string(*value);
}

template <typename T> static std::optional<std::string> floatText(ByteReader &in) {
  std::optional<T> value = in.read<T>();
  if (!value)
    return std::nullopt;
  return llvm::formatv("{0}", llvm::format("%.9g", static_cast<double>(*value))).str();
}

/// None if the file ends first. Arrays are not scalars.
static std::optional<std::string> scalarText(ByteReader &in, uint32_t type) {
  switch (type) {
  case U8:
    return integerText<uint8_t>(in);
  case I8:
    return integerText<int8_t>(in);
  case U16:
    return integerText<uint16_t>(in);
  case I16:
    return integerText<int16_t>(in);
  case U32:
    return integerText<uint32_t>(in);
  case I32:
    return integerText<int32_t>(in);
  case U64:
    return integerText<uint64_t>(in);
  case I64:
    return integerText<int64_t>(in);
  case F32:
    return floatText<float>(in);
  case F64:
    return floatText<double>(in);
  case Bool:
    if (std::optional<uint8_t> value = in.read<uint8_t>())
      return *value ? "true" : "false";
    return std::nullopt;
  case String:
    if (std::optional<llvm::StringRef> text = readGgufString(in))
      return text->str();
    return std::nullopt;
  }
  return std::nullopt;
}

/// Bytes of one number; 0 for a type without a fixed size.
static uint64_t fixedBytes(uint32_t type) {
  switch (type) {
  case U8:
  case I8:
  case Bool:
    return 1;
  case U16:
  case I16:
    return 2;
  case U32:
  case I32:
  case F32:
    return 4;
  case U64:
  case I64:
  case F64:
    return 8;
  }
  return 0;
}

/// Steps over an array's elements; false if the file ends first.
static bool skipElements(ByteReader &in, uint32_t type, uint64_t count) {
  if (uint64_t bytes = fixedBytes(type))
    return count <= in.left() / bytes && in.take(count * bytes);
  for (uint64_t i = 0; i < count; ++i)
    if (!readGgufString(in))
      return false;
  return true;
}

static llvm::Error readPair(Checkpoint &checkpoint, ByteReader &in, uint64_t index) {
  std::optional<llvm::StringRef> key = readGgufString(in);
  std::optional<uint32_t> type = in.read<uint32_t>();
  if (!key || !type)
    return refuse("the file ends inside of key number " + llvm::Twine(index));
  auto truncated = [&] { return refuse("the file ends inside of the value of " + quoted(*key)); };
  std::string name = key->str(), text;
  if (*type > F64)
    return refuse("key " + quoted(*key) + " has a value of type number " + llvm::Twine(*type) + ", which is not known");
  if (*type == Array) {
    std::optional<uint32_t> elementType = in.read<uint32_t>();
    std::optional<uint64_t> count = in.read<uint64_t>();
    if (!elementType || !count)
      return truncated();
    if (*elementType == Array || *elementType > F64)
      return refuse("key " + quoted(*key) + " is an array of type number " + llvm::Twine(*elementType) +
                    ", but only numbers and texts are read");
    Bytes rest = in.peek();
    if (!skipElements(in, *elementType, *count))
      return truncated();
    checkpoint.arrays.insert_or_assign(name, MetadataArray{*elementType, *count, rest.drop_back(in.left())});
    name += ".count";
    text = std::to_string(*count);
  } else {
    std::optional<std::string> scalar = scalarText(in, *type);
    if (!scalar)
      return truncated();
    text = std::move(*scalar);
  }
  if (!checkpoint.metadata.try_emplace(name, std::move(text)).second)
    return refuse("key " + quoted(name) + " occurs twice");
  return llvm::Error::success();
}

llvm::Error rwkvc::readGgufMetadata(Checkpoint &checkpoint, ByteReader &in, uint64_t pairs) {
  for (uint64_t i = 0; i < pairs; ++i)
    if (llvm::Error error = readPair(checkpoint, in, i))
      return error;
  return llvm::Error::success();
}
