//===- Views.h - Other views of the same bytes ------------------*- C++ -*-===//
//
// Everything that a converter did to a tensor's shape can be undone by strides.
//
//===----------------------------------------------------------------------===//
#ifndef FRONTENDS_MODELS_VIEWS_H
#define FRONTENDS_MODELS_VIEWS_H

#include "dialects/Quant/TensorView.h"

namespace rwkvc {

/// Exchanges the last two dimensions; the rank is at least 2.
TensorView transposed(TensorView view);

/// Elements `begin` to `begin + size` of one dimension.
TensorView sliced(TensorView view, size_t dimension, int64_t begin, int64_t size);

/// Element `index` of the first dimension, which goes away; the rank is at least 2.
TensorView selected(TensorView view, int64_t index);

/// Without the dimensions of size 1, but for the last dimension of all.
TensorView squeezed(const TensorView &view);

/// The same elements in row-major order as [rows, elements / rows]. Views that cannot be walked so come
/// back as they are; `rows` divides the number of elements.
TensorView asMatrix(const TensorView &view, int64_t rows);

/// A vector with `times` copies of every element one after the other: [n, times].
TensorView repeated(TensorView vector, int64_t times);

} // namespace rwkvc

#endif // FRONTENDS_MODELS_VIEWS_H
