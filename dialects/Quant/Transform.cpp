//===- Transform.cpp - What was folded into a weight ----------------------===//
//
// Runs at compile time, a row at a time. Sums are in double: the folded table is read
// by every later layer.
//
//===----------------------------------------------------------------------===//
#include "dialects/Quant/Transform.h"
#include "dialects/Quant/Weight.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>

using namespace rwkvc;
using namespace rwkvc::weight;

static float map(MapKind kind, double x) {
  switch (kind) {
  case MapKind::Exp:
    return std::exp(x);
  case MapKind::NegExp:
    return -std::exp(x);
  case MapKind::ExpNegExp:
    return std::exp(-std::exp(x));
  }
  llvm_unreachable("all kinds are handled");
}

static void layerNorm(LayerNormAttr norm, const TensorTable &table, llvm::MutableArrayRef<float> row) {
  std::vector<float> scale(row.size()), offset(row.size());
  table.find(norm.getScale())->second.readRow(0, scale);
  table.find(norm.getOffset())->second.readRow(0, offset);

  double sum = 0, squares = 0;
  for (float x : row)
    sum += x;
  double mean = sum / row.size();
  for (float x : row)
    squares += (x - mean) * (x - mean);
  double inverse = 1 / std::sqrt(squares / row.size() + norm.getEps().getValueAsDouble());
  for (size_t i = 0; i < row.size(); ++i)
    row[i] = (row[i] - mean) * inverse * scale[i] + offset[i];
}

void rwkvc::weight::applyTransforms(mlir::ArrayAttr transforms, const TensorTable &table,
                                    llvm::MutableArrayRef<float> row) {
  if (!transforms)
    return;
  for (mlir::Attribute transform : transforms)
    llvm::TypeSwitch<mlir::Attribute>(transform)
        .Case([&](MapAttr attr) {
          for (float &x : row)
            x = map(attr.getKind(), x);
        })
        .Case([&](LayerNormAttr attr) { layerNorm(attr, table, row); });
}
