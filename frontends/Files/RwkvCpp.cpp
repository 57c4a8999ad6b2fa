//===- RwkvCpp.cpp - rwkv.cpp's .bin files --------------------------------===//
//
// A header of six numbers, then tensors to the end of the file: rank, length of the name, type,
// dimensions with the fastest first, name, data without padding (so it may lie at any alignment).
//
//===----------------------------------------------------------------------===//
#include "frontends/Files/Formats.h"
#include "frontends/Files/Refusal.h"
#include "frontends/Files/TensorBounds.h"
#include <algorithm>
#include <optional>

using namespace rwkvc;

static constexpr uint32_t magic = 0x67676d66; // "ggmf"

namespace {
struct ElementType {
  const char *name;
  std::optional<DType> dtype; // none: known, but not read
};
} // namespace

// Indexed by the number in the file.
static constexpr ElementType elementTypes[] = {
    {"F32", DType::F32},      {"F16", DType::F16},    {"Q4_0", DType::Q4_0},  {"Q4_1", DType::Q4_1},
    {"Q4_1_O", std::nullopt}, {"Q4_2", std::nullopt}, {"Q4_3", std::nullopt}, {"Q5_0", DType::Q5_0},
    {"Q5_1", DType::Q5_1},    {"Q8_0", DType::Q8_0},
};

/// The format's version since which quantised types are stored in ggml's present blocks.
static constexpr uint32_t presentBlocks = 101;

bool rwkvc::looksLikeRwkvCpp(Bytes file) { return ByteReader(file).read<uint32_t>() == magic; }

static llvm::Expected<DType> dtypeOf(llvm::StringRef name, uint32_t type, uint32_t version) {
  if (type >= std::size(elementTypes))
    return refuse("tensor " + quoted(name) + " has type number " + llvm::Twine(type) + ", which is not known");
  std::optional<DType> dtype = elementTypes[type].dtype;
  if (!dtype)
    return refuse("tensor " + quoted(name) + " is quantised as " + elementTypes[type].name +
                  ", but of rwkv.cpp's types only F32, F16, Q4_0, Q4_1, Q5_0, Q5_1 and Q8_0 are read");
  if (isQuantised(*dtype) && version < presentBlocks)
    return refuse("tensor " + quoted(name) + " is quantised as " + elementTypes[type].name + " of format version " +
                  llvm::Twine(version) + ", but quantised types are read only from version " +
                  llvm::Twine(presentBlocks) + " on: convert the model again with a later rwkv.cpp");
  return *dtype;
}

/// The format's version.
static llvm::Expected<uint32_t> readHeader(Checkpoint &checkpoint, ByteReader &in) {
  std::optional<uint32_t> start = in.read<uint32_t>(), version = in.read<uint32_t>(), vocabulary = in.read<uint32_t>(),
                          channels = in.read<uint32_t>(), layers = in.read<uint32_t>(), type = in.read<uint32_t>();
  if (!start || !type)
    return refuse("the file ends inside of its header of 24 bytes");
  if (*version != 100 && *version != 101)
    return refuse("the format's version is " + llvm::Twine(*version) + ", but only 100 and 101 are read");
  checkpoint.metadata["version"] = std::to_string(*version);
  checkpoint.metadata["vocabulary"] = std::to_string(*vocabulary);
  checkpoint.metadata["channels"] = std::to_string(*channels);
  checkpoint.metadata["layers"] = std::to_string(*layers);
  return *version;
}

static llvm::Error endsInside(ByteReader &in, const llvm::Twine &what) {
  return refuse("the file ends inside of " + what + ", at byte " + llvm::Twine(in.position() + in.left()));
}

static llvm::Error readTensor(Checkpoint &checkpoint, ByteReader &in, uint32_t version) {
  uint64_t start = in.position();
  std::optional<uint32_t> rank = in.read<uint32_t>(), nameLength = in.read<uint32_t>(), type = in.read<uint32_t>();
  if (!type)
    return endsInside(in, "the description of the tensor at byte " + llvm::Twine(start));
  if (*rank > 4)
    return refuse("the tensor at byte " + llvm::Twine(start) + " has " + llvm::Twine(*rank) +
                  " dimensions, but at most 4 are possible");
  llvm::SmallVector<int64_t, 4> shape;
  for (uint32_t i = 0; i < *rank; ++i) {
    std::optional<int32_t> size = in.read<int32_t>();
    if (!size)
      return endsInside(in, "the description of the tensor at byte " + llvm::Twine(start));
    shape.push_back(*size);
  }
  std::reverse(shape.begin(), shape.end());
  std::optional<llvm::StringRef> name = in.takeText(*nameLength);
  if (!name)
    return endsInside(in, "the name of the tensor at byte " + llvm::Twine(start));
  llvm::Expected<DType> dtype = dtypeOf(*name, *type, version);
  if (!dtype)
    return dtype.takeError();
  llvm::Expected<uint64_t> bytes = denseBytes(*name, *dtype, shape);
  if (!bytes)
    return bytes.takeError();
  std::optional<Bytes> data = in.take(*bytes);
  if (!data)
    return refuse("tensor " + quoted(*name) + " needs " + llvm::Twine(*bytes) + " bytes, but the file has only " +
                  llvm::Twine(in.left()) + " more");
  return addDenseTensor(checkpoint, *name, *dtype, shape, *data, 0);
}

llvm::Error rwkvc::readRwkvCpp(Checkpoint &checkpoint) {
  ByteReader in(checkpoint.file->bytes());
  llvm::Expected<uint32_t> version = readHeader(checkpoint, in);
  if (!version)
    return version.takeError();
  while (in.left() > 0)
    if (llvm::Error error = readTensor(checkpoint, in, *version))
      return error;
  return llvm::Error::success();
}
