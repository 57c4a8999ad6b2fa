//===- NameSchemes.cpp - Bringing every container to BlinkDL's names ------===//
#include "frontends/Models/NameSchemes.h"
#include "frontends/Files/Refusal.h"
#include "frontends/Models/Views.h"

using namespace rwkvc;

namespace {

struct NameScheme {
  bool (*matches)(const Checkpoint &checkpoint);
  llvm::Error (*apply)(const Checkpoint &checkpoint, Model &model);
};

} // namespace

static bool isGguf(const Checkpoint &checkpoint) { return checkpoint.container == "gguf"; }
static bool isRwkvCpp(const Checkpoint &checkpoint) { return checkpoint.container == "rwkv.cpp"; }
static bool isReversal(const Checkpoint &checkpoint) { return checkpoint.tensors.count("rwkv1.r_k"); }
static bool isHf(const Checkpoint &checkpoint) { return checkpoint.tensors.count("rwkv.embeddings.weight"); }
static bool isFla(const Checkpoint &checkpoint) { return checkpoint.tensors.count("model.embeddings.weight"); }
static bool isBlinkDL(const Checkpoint &checkpoint) { return checkpoint.tensors.count("emb.weight"); }

/// Adding a naming scheme is one line here.
static const NameScheme kSchemes[] = {
    {isGguf, nameGguf},
    {isRwkvCpp, nameRwkvCpp},
    {isReversal, nameReversal},
    {isHf, nameHf},
    {isFla, nameFla},
    {isBlinkDL, nameBlinkDL},
};

llvm::Error rwkvc::useCanonicalNames(const Checkpoint &checkpoint, Model &model) {
  for (const NameScheme &scheme : kSchemes)
    if (scheme.matches(checkpoint))
      return scheme.apply(checkpoint, model);
  return refuse("the checkpoint is not an RWKV model: it has no tensor 'emb.weight', nor Hugging Face's "
                "'rwkv.embeddings.weight', nor fla's 'model.embeddings.weight'");
}

void rwkvc::addTensor(Model &model, std::string name, const TensorView &view) {
  bool vector = view.shape.size() == 3 && view.shape[0] == 1 && view.shape[1] == 1;
  model.tensors[std::move(name)] = vector ? selected(selected(view, 0), 0) : view;
}

llvm::Error rwkvc::nameBlinkDL(const Checkpoint &checkpoint, Model &model) {
  for (const auto &[name, view] : checkpoint.tensors)
    addTensor(model, name, view);
  return llvm::Error::success();
}
