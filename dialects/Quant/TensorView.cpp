//===- TensorView.cpp - Reads strided views of mapped tensors -------------===//
//
// Gigabytes pass through readRow: its runs of neighbouring elements are loops without branches,
// which the compiler vectorises. Every value of f16 and bf16 is an f32, so nothing is rounded; blocks say what they
// round (DType.h).
//
//===----------------------------------------------------------------------===//
#include "dialects/Quant/TensorView.h"
#include "dialects/Quant/Half.h"
#include "llvm/ADT/bit.h"
#include <algorithm>
#include <cassert>
#include <cstdint>
#include <cstring>

using namespace rwkvc;

int64_t TensorView::elements() const {
  int64_t product = 1;
  for (int64_t size : shape)
    product *= size;
  return product;
}

llvm::ArrayRef<std::byte> TensorView::span() const {
  int64_t last = first, block = blockElements(dtype);
  for (size_t i = 0; i < shape.size(); ++i)
    last += (shape[i] - 1) * strides[i]; // strides are not negative
  const std::byte *begin = data + first / block * blockBytes(dtype);
  return {begin, data + (last / block + 1) * blockBytes(dtype)};
}

TensorView TensorView::dense(const std::byte *data, DType dtype, llvm::ArrayRef<int64_t> shape) {
  TensorView view;
  view.data = data;
  view.dtype = dtype;
  view.shape.assign(shape.begin(), shape.end());
  view.strides.assign(shape.size(), 1);
  for (size_t i = shape.size(); i-- > 1;)
    view.strides[i - 1] = view.strides[i] * shape[i];
  return view;
}

namespace {

struct ReadF32 {
  using Stored = uint32_t;
  static float widen(uint32_t bits) { return llvm::bit_cast<float>(bits); }
};

struct ReadBF16 {
  using Stored = uint16_t;
  static float widen(uint16_t bits) { return llvm::bit_cast<float>(uint32_t(bits) << 16); }
};

struct ReadF16 {
  using Stored = uint16_t;
  static float widen(uint16_t bits) { return fromHalf(bits); }
};

} // namespace

/// Widens `count` elements, `stride` elements apart. Loads by memcpy: the data may be unaligned.
template <typename Reader> static void widenRun(const std::byte *data, int64_t stride, float *out, int64_t count) {
  using Stored = typename Reader::Stored;
  if (stride == 1) {
    for (int64_t i = 0; i < count; ++i) {
      Stored bits;
      std::memcpy(&bits, data + i * sizeof(Stored), sizeof(Stored));
      out[i] = Reader::widen(bits);
    }
    return;
  }
  for (int64_t i = 0; i < count; ++i) {
    Stored bits;
    std::memcpy(&bits, data + i * stride * int64_t(sizeof(Stored)), sizeof(Stored));
    out[i] = Reader::widen(bits);
  }
}

/// The same of blocks: elements `first`, `first + stride`, ...
static void widenBlocks(DType dtype, const std::byte *data, int64_t first, int64_t stride, float *out, int64_t count) {
  float values[kMostBlockElements];
  const int64_t size = blockElements(dtype);
  for (int64_t i = 0, decoded = -1; i < count;) {
    int64_t element = first + i * stride, block = element / size, from = element % size;
    if (stride == 1 && from == 0 && count - i >= size) {
      widenBlock(dtype, data + block * blockBytes(dtype), out + i);
      i += size;
      continue;
    }
    if (block != decoded)
      widenBlock(dtype, data + block * blockBytes(dtype), values);
    decoded = block;
    out[i++] = values[from];
  }
}

/// `count` elements of `data` from `first` on.
static void widenRun(DType dtype, const std::byte *data, int64_t first, int64_t stride, float *out, int64_t count) {
  if (isQuantised(dtype))
    return widenBlocks(dtype, data, first, stride, out, count);
  data += first * blockBytes(dtype);
  if (dtype == DType::F32)
    return widenRun<ReadF32>(data, stride, out, count);
  if (dtype == DType::F16)
    return widenRun<ReadF16>(data, stride, out, count);
  widenRun<ReadBF16>(data, stride, out, count);
}

/// Leaves out sizes of 1 and joins neighbouring dimensions that one stride can walk, so that runs
/// are as long as they can be. At least one dimension remains.
static void simplify(const TensorView &view, llvm::SmallVectorImpl<int64_t> &shape,
                     llvm::SmallVectorImpl<int64_t> &strides) {
  for (size_t i = 0; i < view.shape.size(); ++i) {
    int64_t size = view.shape[i], stride = view.strides[i];
    if (size == 1)
      continue;
    if (!shape.empty() && strides.back() == size * stride) {
      shape.back() *= size;
      strides.back() = stride;
      continue;
    }
    shape.push_back(size);
    strides.push_back(stride);
  }
  if (shape.empty()) {
    shape.push_back(1);
    strides.push_back(1);
  }
}

void TensorView::readRow(int64_t row, llvm::MutableArrayRef<float> out) const {
  int64_t columns = static_cast<int64_t>(out.size());
  assert(columns > 0 && elements() % columns == 0 && "rows must divide the tensor");
  assert(row >= 0 && row < elements() / columns && "no such row");
  llvm::SmallVector<int64_t, 4> sizes, steps;
  simplify(*this, sizes, steps);
  size_t last = sizes.size() - 1;

  // Where the row starts, as one index a dimension.
  llvm::SmallVector<int64_t, 4> index(sizes.size());
  int64_t rest = row * columns;
  for (size_t i = sizes.size(); i-- > 0; rest /= sizes[i])
    index[i] = rest % sizes[i];

  for (int64_t done = 0; done < columns;) {
    int64_t offset = first;
    for (size_t i = 0; i < sizes.size(); ++i)
      offset += index[i] * steps[i];
    int64_t count = std::min(sizes[last] - index[last], columns - done);
    widenRun(dtype, data, offset, steps[last], out.data() + done, count);
    done += count;
    index[last] += count;
    for (size_t i = last; i > 0 && index[i] == sizes[i]; --i) {
      index[i] = 0;
      ++index[i - 1];
    }
  }
}
