//===- Gguf.cpp - The GGUF reader, versions 2 and 3 -----------------------===//
//
// Counts, key-value pairs, tensor descriptions, padding, data. Dimensions are stored with the
// fastest first; offsets refer to the data and are multiples of general.alignment.
//
//===----------------------------------------------------------------------===//
#include "frontends/Files/Formats.h"
#include "frontends/Files/GgufMetadata.h"
#include "frontends/Files/GgufTypes.h"
#include "frontends/Files/Refusal.h"
#include "frontends/Files/TensorBounds.h"
#include "llvm/Support/MathExtras.h"
#include <algorithm>
#include <optional>
#include <vector>

using namespace rwkvc;

static constexpr uint32_t magic = 0x46554747; // "GGUF"

namespace {
struct Description {
  llvm::StringRef name;
  DType dtype;
  llvm::SmallVector<int64_t, 4> shape;
  uint64_t offset;
};
} // namespace

bool rwkvc::looksLikeGguf(Bytes file) { return ByteReader(file).read<uint32_t>() == magic; }

static llvm::Expected<DType> dtypeOf(llvm::StringRef name, uint32_t type) {
  if (std::optional<DType> dtype = ggufType(type))
    return *dtype;
  return refuse("tensor " + quoted(name) + " has type " + ggufTypeName(type) + ", but gguf tensors are read only as " +
                ggufTypesRead());
}

static llvm::Expected<Description> readDescription(ByteReader &in, uint64_t index) {
  auto truncated = [&] {
    return refuse("the file ends inside of the description of tensor number " + llvm::Twine(index));
  };
  std::optional<llvm::StringRef> name = readGgufString(in);
  std::optional<uint32_t> rank = in.read<uint32_t>();
  if (!name || !rank)
    return truncated();
  if (*rank > 4)
    return refuse("tensor " + quoted(*name) + " has " + llvm::Twine(*rank) + " dimensions, but at most 4 are possible");
  Description result{*name, DType::F32, {}, 0};
  for (uint32_t i = 0; i < *rank; ++i) {
    std::optional<int64_t> size = in.read<int64_t>();
    if (!size)
      return truncated();
    result.shape.push_back(*size);
  }
  std::reverse(result.shape.begin(), result.shape.end());
  std::optional<uint32_t> type = in.read<uint32_t>();
  std::optional<uint64_t> offset = in.read<uint64_t>();
  if (!type || !offset)
    return truncated();
  llvm::Expected<DType> dtype = dtypeOf(*name, *type);
  if (!dtype)
    return dtype.takeError();
  result.dtype = *dtype;
  result.offset = *offset;
  return result;
}

static llvm::Expected<uint64_t> alignmentOf(const Checkpoint &checkpoint) {
  auto entry = checkpoint.metadata.find("general.alignment");
  if (entry == checkpoint.metadata.end())
    return 32;
  uint64_t alignment = 0;
  if (llvm::StringRef(entry->second).getAsInteger(10, alignment) || alignment > (1 << 20) ||
      !llvm::isPowerOf2_64(alignment))
    return refuse("its general.alignment is " + quoted(entry->second) + ", but must be a power of two up to 1048576");
  return alignment;
}

static llvm::Error addTensors(Checkpoint &checkpoint, ByteReader &in, llvm::ArrayRef<Description> descriptions) {
  llvm::Expected<uint64_t> alignment = alignmentOf(checkpoint);
  if (!alignment)
    return alignment.takeError();
  uint64_t padding = llvm::alignTo(in.position(), *alignment) - in.position();
  Bytes data;
  if (in.take(padding))
    data = *in.take(in.left());
  for (const Description &tensor : descriptions) {
    if (tensor.offset % *alignment != 0)
      return refuse("tensor " + quoted(tensor.name) + " is at offset " + llvm::Twine(tensor.offset) +
                    ", which is no multiple of the alignment of " + llvm::Twine(*alignment));
    if (llvm::Error error = addDenseTensor(checkpoint, tensor.name, tensor.dtype, tensor.shape, data, tensor.offset))
      return error;
  }
  return refuseOverlaps(checkpoint);
}

llvm::Error rwkvc::readGguf(Checkpoint &checkpoint) {
  ByteReader in(checkpoint.file->bytes());
  std::optional<uint32_t> start = in.read<uint32_t>(), version = in.read<uint32_t>();
  std::optional<uint64_t> tensors = in.read<uint64_t>(), pairs = in.read<uint64_t>();
  if (!start || !version || !tensors || !pairs)
    return refuse("the file ends inside of its header of 24 bytes");
  if (*version != 2 && *version != 3)
    return refuse("the format's version is " + llvm::Twine(*version) + ", but only 2 and 3 are read");
  if (llvm::Error error = readGgufMetadata(checkpoint, in, *pairs))
    return error;
  if (auto parts = checkpoint.metadata.find("split.count");
      parts != checkpoint.metadata.end() && parts->second != "0" && parts->second != "1")
    return refuse("it is one of " + printable(parts->second) + " parts: join them with llama-gguf-split --merge");
  // Not reserved: the count is only believed as far as the file goes.
  std::vector<Description> descriptions;
  for (uint64_t i = 0; i < *tensors; ++i) {
    llvm::Expected<Description> description = readDescription(in, i);
    if (!description)
      return description.takeError();
    descriptions.push_back(std::move(*description));
  }
  return addTensors(checkpoint, in, descriptions);
}
