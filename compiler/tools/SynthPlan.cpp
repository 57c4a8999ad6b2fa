//===- SynthPlan.cpp - A model's tensors as a container has them ----------===//
#include "compiler/tools/SynthPlan.h"
#include "frontends/Files/Refusal.h"
#include "llvm/Support/Path.h"

using namespace rwkvc;

std::vector<StoredTensor> SynthPlan::stored() const {
  std::vector<StoredTensor> result;
  for (const PlannedTensor &tensor : tensors)
    result.push_back(tensor.stored);
  return result;
}

llvm::SmallVector<int64_t, 4> rwkvc::squeezedShape(llvm::ArrayRef<int64_t> shape) {
  llvm::SmallVector<int64_t, 4> result;
  for (int64_t size : shape)
    if (size != 1)
      result.push_back(size);
  return result;
}

llvm::Expected<SynthPlan> rwkvc::planSafetensors(const SynthModel &model, DType type, uint64_t seed) {
  SynthPlan plan;
  for (const SynthTensor &tensor : model.tensors)
    plan.tensors.push_back({{tensor.name, type, tensor.shape}, {{&tensor}}});
  plan.layout = safetensorsLayout(plan.stored(),
                                  {{"format", "pt"}, {"seed", std::to_string(seed)}, {"written_by", "rwkvc synth"}});
  return plan;
}

static llvm::Expected<DType> typeNamed(llvm::StringRef text, llvm::ArrayRef<DType> types, llvm::StringRef container) {
  if (text.empty())
    return types.front();
  std::string known;
  for (DType type : types) {
    if (text.equals_insensitive(name(type)))
      return type;
    known += (known.empty() ? "" : ", ") + name(type).str();
  }
  return refuse("a " + container + " file is written as " + known + ", but --type is " + quoted(text));
}

llvm::Expected<SynthPlan> rwkvc::planSynth(const SynthModel &model, llvm::StringRef path, llvm::StringRef type,
                                           uint64_t seed) {
  using enum DType;
  llvm::StringRef ending = llvm::sys::path::extension(path);
  if (ending == ".gguf") {
    auto stored = typeNamed(type, {F16, BF16, F32, Q8_0, Q4_0}, ending);
    return stored ? planGguf(model, *stored, seed) : stored.takeError();
  }
  if (ending == ".bin") {
    auto stored = typeNamed(type, {F16, F32, Q8_0, Q4_0}, ending);
    return stored ? planRwkvCpp(model, *stored) : stored.takeError();
  }
  auto stored = typeNamed(type, {BF16, F16, F32}, ".safetensors");
  return stored ? planSafetensors(model, *stored, seed) : stored.takeError();
}
