//===- SynthRwkvCpp.cpp - A model as rwkv.cpp's converter writes it -------===//
//
// LoRAs are turned, RWKV-7's mixes joined, decays of RWKV-4 and 5 applied. Vectors and everything
// called time_... stay f32; quantising spares the embedding, the head and RWKV-7's LoRAs.
//
//===----------------------------------------------------------------------===//
#include "compiler/tools/SynthPlan.h"

using namespace rwkvc;
using llvm::StringRef;

static bool isLora(StringRef name) {
  for (StringRef end : {".w1", ".w2", ".a1", ".a2", ".v1", ".v2", ".g1", ".g2", "_w1", "_w2"})
    if (name.ends_with(end))
      return true;
  return false;
}

static DType typeOf(StringRef name, size_t rank, DType type) {
  bool time = name.contains(".time_"), wide = rank < 2 || rank > 2 || time || name.ends_with(".r_k");
  bool quantised = blockElements(type) > 1;
  // Its quantiser asks for two dimensions, and so takes RWKV-6's f32 LoRAs along.
  bool spared =
      rank != 2 || name == "emb.weight" || name == "head.weight" || name.ends_with(".r_k") || (isLora(name) && !time);
  if (quantised && !spared)
    return type;
  return wide || type == DType::F32 ? DType::F32 : DType::F16;
}

static PlannedTensor planned(const SynthModel &model, const SynthTensor &tensor, DType type) {
  StringRef name = tensor.name;
  PlannedTensor result = {{tensor.name, type, tensor.shape}, {{&tensor}}};
  llvm::SmallVector<int64_t, 4> &shape = result.stored.shape;
  SynthPart &part = result.parts.front();
  if (name.contains(".time_"))
    shape = squeezedShape(shape);
  if (isLora(name)) {
    std::swap(shape[shape.size() - 1], shape[shape.size() - 2]);
    part.turned = true;
  } else if (name.ends_with(".time_decay") && model.version == "4") {
    part.change = SynthPart::NegativeExp;
  } else if (name.ends_with(".time_decay") || name.ends_with(".time_faaaa")) {
    shape = {model.channels / model.headSize, model.headSize, 1};
    if (model.version == "5.2" && name.ends_with(".time_decay"))
      part.change = SynthPart::ExpOfNegativeExp;
  }
  result.stored.type = typeOf(name, shape.size(), type);
  return result;
}

llvm::Expected<SynthPlan> rwkvc::planRwkvCpp(const SynthModel &model, DType type) {
  SynthPlan plan;
  for (const SynthTensor &tensor : model.tensors) {
    auto [stem, letter] = StringRef(tensor.name).rsplit('_');
    if (!stem.ends_with(".att.x")) {
      plan.tensors.push_back(planned(model, tensor, type));
      continue;
    }
    std::string joined = (stem + "_rwkvag").str(); // the order in which they come
    if (plan.tensors.empty() || plan.tensors.back().stored.name != joined)
      plan.tensors.push_back({{joined, DType::F32, {0, 1, model.channels}}, {}});
    plan.tensors.back().parts.push_back({&tensor});
    ++plan.tensors.back().stored.shape[0];
  }
  plan.layout = rwkvCppLayout(plan.stored(), type, model.vocabulary, model.channels, model.layers);
  return plan;
}
