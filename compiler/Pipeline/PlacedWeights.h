//===- PlacedWeights.h - What a planned program wants behind it --*- C++ -*-===//
#ifndef COMPILER_PIPELINE_PLACEDWEIGHTS_H
#define COMPILER_PIPELINE_PLACEDWEIGHTS_H

#include "dialects/Quant/TensorView.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace rwkvc {

/// A weight.tensor of the program whose memory is planned.
struct PlacedWeight {
  llvm::StringRef name;
  const TensorView *source;
  mlir::ArrayAttr transforms; // may be null
  mlir::RankedTensorType type;
  uint64_t offset; // in bytes from the first weight
};

/// The weights of `forward` in the order of their places. Refuses a weight without source, place or layout, and places
/// that overlap; two weights that are the same may share one.
llvm::Expected<std::vector<PlacedWeight>> placedWeights(mlir::ModuleOp module, const TensorTable &tensors);

/// From the first weight to the end of the last.
uint64_t extent(llvm::ArrayRef<PlacedWeight> weights);

/// What becomes of matrices that are quantised where they come from, for people: CompiledModel::quantised.
std::string quantisedText(llvm::ArrayRef<PlacedWeight> weights);

/// Every tensor that the weights are made of, by name: theirs, and those that their transforms read.
TensorTable sources(llvm::ArrayRef<PlacedWeight> weights, const TensorTable &tensors);

} // namespace rwkvc

#endif // COMPILER_PIPELINE_PLACEDWEIGHTS_H
