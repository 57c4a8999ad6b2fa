//===- TensorView.h - A strided view of a tensor in a mapped file -*- C++ -*-===//
//
// What the frontends hand to the packer: never owns, never copies, and may point at
// unaligned bytes. Read it through readRow, which widens exactly to f32.
//
//===----------------------------------------------------------------------===//
#ifndef DIALECTS_QUANT_TENSORVIEW_H
#define DIALECTS_QUANT_TENSORVIEW_H

#include "dialects/Quant/DType.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include <map>
#include <string>

namespace rwkvc {

struct TensorView {
  const std::byte *data = nullptr; // where the tensor's blocks begin; any alignment
  DType dtype = DType::F32;
  int64_t first = 0; // the element of `data` that is this view's element 0
  llvm::SmallVector<int64_t, 4> shape;
  llvm::SmallVector<int64_t, 4> strides; // in elements; 0 repeats a dimension

  int64_t elements() const;

  /// From the first block that an element is in to the end of the last.
  llvm::ArrayRef<std::byte> span() const;

  /// Widens row `row` of the view, seen as [elements / columns, columns] in row-major order, to f32.
  /// `out` has one entry a column, and `columns` is the product of the last dimensions.
  void readRow(int64_t row, llvm::MutableArrayRef<float> out) const;

  /// A dense view of `shape` elements at `data`; of a quantised type, the last size is whole blocks.
  static TensorView dense(const std::byte *data, DType dtype, llvm::ArrayRef<int64_t> shape);
};

/// Tensors by name. Ordered, so that everything derived from a checkpoint is reproducible.
using TensorTable = std::map<std::string, TensorView, std::less<>>;

} // namespace rwkvc

#endif // DIALECTS_QUANT_TENSORVIEW_H
