//===- Views.cpp - Other views of the same bytes --------------------------===//
#include "frontends/Models/Views.h"
#include <utility>

using namespace rwkvc;

TensorView rwkvc::transposed(TensorView view) {
  size_t last = view.shape.size() - 1;
  std::swap(view.shape[last], view.shape[last - 1]);
  std::swap(view.strides[last], view.strides[last - 1]);
  return view;
}

TensorView rwkvc::sliced(TensorView view, size_t dimension, int64_t begin, int64_t size) {
  view.first += begin * view.strides[dimension];
  view.shape[dimension] = size;
  return view;
}

TensorView rwkvc::selected(TensorView view, int64_t index) {
  view = sliced(std::move(view), 0, index, 1);
  view.shape.erase(view.shape.begin());
  view.strides.erase(view.strides.begin());
  return view;
}

TensorView rwkvc::squeezed(const TensorView &view) {
  TensorView result = view;
  result.shape.clear();
  result.strides.clear();
  for (size_t i = 0; i < view.shape.size(); ++i)
    if (view.shape[i] != 1) {
      result.shape.push_back(view.shape[i]);
      result.strides.push_back(view.strides[i]);
    }
  if (result.shape.empty()) {
    result.shape.push_back(1);
    result.strides.push_back(1);
  }
  return result;
}

TensorView rwkvc::asMatrix(const TensorView &view, int64_t rows) {
  TensorView flat = squeezed(view);
  for (size_t i = 1; i < flat.shape.size(); ++i)
    if (flat.strides[i - 1] != flat.strides[i] * flat.shape[i])
      return view;
  int64_t columns = flat.elements() / rows, stride = flat.strides.back();
  flat.shape = {rows, columns};
  flat.strides = {columns * stride, stride};
  return flat;
}

TensorView rwkvc::repeated(TensorView vector, int64_t times) {
  vector.shape.push_back(times);
  vector.strides.push_back(0);
  return vector;
}
