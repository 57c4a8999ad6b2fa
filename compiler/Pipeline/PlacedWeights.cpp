//===- PlacedWeights.cpp - What a planned program wants behind it ---------===//
#include "compiler/Pipeline/PlacedWeights.h"
#include "dialects/Kernel/Kernel.h"
#include "dialects/Quant/KeptFormat.h"
#include "dialects/Quant/Pack.h"
#include "dialects/Quant/Weight.h"
#include "llvm/ADT/STLExtras.h"
#include <map>

using namespace rwkvc;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;

static Expected<PlacedWeight> placedWeight(weight::TensorOp op, const TensorTable &tensors) {
  PlacedWeight weight;
  weight.name = op.getName();
  auto source = tensors.find(weight.name);
  if (source == tensors.end())
    return llvm::createStringError("the checkpoint has no tensor '" + weight.name + "'");
  weight.source = &source->second;
  weight.transforms = op.getTransformsAttr();
  weight.type = mlir::cast<mlir::RankedTensorType>(op.getType());
  if (Error error = weight::checkPackable(weight.name, weight.type))
    return error;

  auto place = op->getAttrOfType<kernel::PlaceAttr>("place");
  if (!place || place.getSpace() != kernel::Space::Weights || place.getOffset() < 0 ||
      place.getOffset() % weight::packedAlignment(weight.type) != 0)
    return llvm::createStringError("weight '" + weight.name + "' has no place in the module");
  weight.offset = place.getOffset();
  return weight;
}

static uint64_t end(const PlacedWeight &weight) { return weight.offset + weight::packedBytes(weight.type); }

static bool same(const PlacedWeight &a, const PlacedWeight &b) {
  return a.offset == b.offset && a.name == b.name && a.transforms == b.transforms && a.type == b.type;
}

Expected<std::vector<PlacedWeight>> rwkvc::placedWeights(mlir::ModuleOp module, const TensorTable &tensors) {
  std::vector<PlacedWeight> weights;
  Error failure = Error::success();
  module.walk([&](weight::TensorOp op) {
    Expected<PlacedWeight> weight = placedWeight(op, tensors);
    if (!weight) {
      failure = weight.takeError();
      return mlir::WalkResult::interrupt();
    }
    weights.push_back(*weight);
    return mlir::WalkResult::advance();
  });
  if (failure)
    return failure;

  llvm::sort(weights, [](const PlacedWeight &a, const PlacedWeight &b) {
    return std::pair(a.offset, a.name) < std::pair(b.offset, b.name);
  });
  weights.erase(std::unique(weights.begin(), weights.end(), same), weights.end());
  for (size_t i = 1; i < weights.size(); ++i)
    if (end(weights[i - 1]) > weights[i].offset)
      return llvm::createStringError("weights '" + weights[i - 1].name + "' and '" + weights[i].name +
                                     "' have places that overlap");
  return weights;
}

uint64_t rwkvc::extent(llvm::ArrayRef<PlacedWeight> weights) { return weights.empty() ? 0 : end(weights.back()); }

std::string rwkvc::quantisedText(llvm::ArrayRef<PlacedWeight> weights) {
  std::map<std::string, int64_t> counts; // by what is said of them
  for (const PlacedWeight &weight : weights) {
    if (!isQuantised(weight.source->dtype) || weight.type.getRank() != 2)
      continue;
    StringRef format = mlir::cast<weight::LayoutAttr>(weight.type.getEncoding()).getFormat();
    bool isExact = format == "f32" || (!weight.transforms && weight::holdsExactly(format, *weight.source));
    ++counts["of " + name(weight.source->dtype).str() +
             (isExact ? " kept in " + format + " with every bit" : " rounded to " + format).str()];
  }
  std::string text;
  for (const auto &[what, count] : counts)
    text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + what;
  return text;
}

TensorTable rwkvc::sources(llvm::ArrayRef<PlacedWeight> weights, const TensorTable &tensors) {
  TensorTable used;
  auto use = [&](StringRef name) {
    if (auto found = tensors.find(name); found != tensors.end())
      used.insert(*found);
  };
  for (const PlacedWeight &weight : weights) {
    use(weight.name);
    for (mlir::Attribute transform :
         weight.transforms ? weight.transforms.getValue() : llvm::ArrayRef<mlir::Attribute>())
      if (auto norm = mlir::dyn_cast<weight::LayerNormAttr>(transform)) {
        use(norm.getScale());
        use(norm.getOffset());
      }
  }
  return used;
}
