//===- TensorBounds.cpp - Checks that every format needs ------------------===//
//
// All sizes are untrusted; products and sums are computed so that they cannot wrap round.
//
//===----------------------------------------------------------------------===//
#include "frontends/Files/TensorBounds.h"
#include "frontends/Files/Refusal.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"
#include <vector>

using namespace rwkvc;

llvm::Expected<uint64_t> rwkvc::denseBytes(llvm::StringRef name, DType dtype, llvm::ArrayRef<int64_t> shape) {
  constexpr size_t mostDimensions = 8;
  if (shape.size() > mostDimensions)
    return refuse("tensor " + quoted(name) + " has " + llvm::Twine(shape.size()) + " dimensions, but at most " +
                  llvm::Twine(mostDimensions) + " are read");
  int64_t elements = 1, bytes;
  auto overflows = [&] {
    return refuse("tensor " + quoted(name) + " has shape " + shapeText(shape) +
                  ", whose size in bytes does not fit in 63 bits");
  };
  for (int64_t size : shape) {
    if (size < 1)
      return refuse("tensor " + quoted(name) + " has shape " + shapeText(shape) + ", but sizes must be at least 1");
    if (llvm::MulOverflow(elements, size, elements))
      return overflows();
  }
  int64_t block = blockElements(dtype);
  if (block > 1 && (shape.empty() || shape.back() % block))
    return refuse("tensor " + quoted(name) + " has shape " + shapeText(shape) + ", but rows of " + rwkvc::name(dtype) +
                  " are blocks of " + llvm::Twine(block) + " elements");
  if (llvm::MulOverflow(elements / block, blockBytes(dtype), bytes))
    return overflows();
  return static_cast<uint64_t>(bytes);
}

llvm::Error rwkvc::addTensor(Checkpoint &checkpoint, llvm::StringRef name, TensorView view) {
  if (name.empty())
    return refuse("a tensor has no name");
  if (!checkpoint.tensors.try_emplace(name.str(), std::move(view)).second)
    return refuse("tensor " + quoted(name) + " occurs twice");
  return llvm::Error::success();
}

llvm::Error rwkvc::addDenseTensor(Checkpoint &checkpoint, llvm::StringRef name, DType dtype,
                                  llvm::ArrayRef<int64_t> shape, Bytes data, uint64_t offset) {
  llvm::Expected<uint64_t> bytes = denseBytes(name, dtype, shape);
  if (!bytes)
    return bytes.takeError();
  if (offset > data.size() || *bytes > data.size() - offset)
    return refuse("tensor " + quoted(name) + " needs " + llvm::Twine(*bytes) + " bytes at offset " +
                  llvm::Twine(offset) + ", but the data has " + llvm::Twine(data.size()));
  return addTensor(checkpoint, name, TensorView::dense(data.data() + offset, dtype, shape));
}

llvm::Error rwkvc::refuseOverlaps(const Checkpoint &checkpoint) {
  struct Extent {
    const std::byte *begin, *end;
    llvm::StringRef name;
  };
  std::vector<Extent> extents;
  for (const auto &[name, view] : checkpoint.tensors)
    extents.push_back({view.span().begin(), view.span().end(), name});
  llvm::sort(extents, [](const Extent &a, const Extent &b) { return a.begin < b.begin; });
  for (size_t i = 1; i < extents.size(); ++i)
    if (extents[i].begin < extents[i - 1].end)
      return refuse("tensors " + quoted(extents[i - 1].name) + " and " + quoted(extents[i].name) + " overlap");
  return llvm::Error::success();
}
