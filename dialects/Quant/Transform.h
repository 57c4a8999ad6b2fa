//===- Transform.h - What was folded into a weight ---------------*- C++ -*-===//
#ifndef DIALECTS_QUANT_TRANSFORM_H
#define DIALECTS_QUANT_TRANSFORM_H

#include "dialects/Quant/TensorView.h"
#include "mlir/IR/BuiltinAttributes.h"

namespace rwkvc::weight {

/// Applies `transforms` in order to one row of a weight, in f32. Norms read their vectors from `table`;
/// the import has checked that these exist and have the row's length.
void applyTransforms(mlir::ArrayAttr transforms, const TensorTable &table, llvm::MutableArrayRef<float> row);

} // namespace rwkvc::weight

#endif // DIALECTS_QUANT_TRANSFORM_H
