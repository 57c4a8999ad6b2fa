//===- NamesRwkvCpp.cpp - Tensors of rwkv.cpp's .bin files ----------------===//
//
// Names are BlinkDL's. RWKV-7's six mixes are stacked, LoRA matrices transposed, vectors of the heads have
// ones behind them, and RWKV-4 and 5 hold the decay itself, RWKV-5 also the bonus.
//
//===----------------------------------------------------------------------===//
#include "frontends/Files/Refusal.h"
#include "frontends/Models/NameSchemes.h"
#include "frontends/Models/Views.h"

using namespace rwkvc;
using llvm::StringRef;

/// Matrices that the converter transposed; of three dimensions the last two.
static bool isTransposed(StringRef name) {
  for (StringRef end : {".att.w1", ".att.w2", ".att.a1", ".att.a2", ".att.v1", ".att.v2", ".att.g1", ".att.g2",
                        ".att.time_maa_w1", ".att.time_maa_w2", ".att.time_decay_w1", ".att.time_decay_w2"})
    if (name.ends_with(end))
      return true;
  return false;
}

static bool isOfHeads(StringRef name) {
  return name.ends_with(".time_decay") || name.ends_with(".time_first") || name.ends_with(".time_faaaa");
}

/// [H, 1, 1] as [H] and [H, N, 1] as [H, N].
static TensorView withoutTrailingOnes(TensorView view) {
  while (view.shape.size() > 1 && view.shape.back() == 1) {
    view.shape.pop_back();
    view.strides.pop_back();
  }
  return view;
}

static llvm::Error addMixes(Model &model, StringRef name, const TensorView &view) {
  if (view.shape.size() != 3 || view.shape[0] != 6 || view.shape[1] != 1)
    return refuse("tensor " + quoted(name) + " is " + shapeText(view.shape) + ", but must be [6, 1, any]");
  int64_t index = 0;
  for (char letter : StringRef("rwkvag"))
    addTensor(model, (name.drop_back(StringRef("rwkvag").size()) + llvm::Twine(letter)).str(),
              selected(selected(view, index++), 0));
  return llvm::Error::success();
}

llvm::Error rwkvc::nameRwkvCpp(const Checkpoint &checkpoint, Model &model) {
  bool six = checkpoint.tensors.count("blocks.0.att.time_maa_x");
  model.decayIsFolded = model.bonusIsFolded = !six;
  for (const auto &[name, view] : checkpoint.tensors) {
    if (StringRef(name).ends_with(".att.x_rwkvag")) {
      if (llvm::Error error = addMixes(model, name, view))
        return error;
    } else if (isTransposed(name) && view.shape.size() >= 2) {
      addTensor(model, name, transposed(view));
    } else if (six && StringRef(name).ends_with(".time_decay")) {
      addTensor(model, name, selected(asMatrix(view, 1), 0)); // one number a channel
    } else if (isOfHeads(name)) {
      addTensor(model, name, withoutTrailingOnes(view));
    } else {
      addTensor(model, name, view);
    }
  }
  return llvm::Error::success();
}
