//===- NameSchemes.h - Bringing every container to BlinkDL's names -*- C++ -*-===//
//
// A scheme undoes what a converter did to names and shapes, by views alone. What it cannot undo by a
// view, such as an exponential that was already taken, it says in the model.
//
//===----------------------------------------------------------------------===//
#ifndef FRONTENDS_MODELS_NAMESCHEMES_H
#define FRONTENDS_MODELS_NAMESCHEMES_H

#include "frontends/Models/Models.h"

namespace rwkvc {

/// Fills model.tensors, decayIsFolded and bonusIsFolded.
llvm::Error useCanonicalNames(const Checkpoint &checkpoint, Model &model);

// One each; the checkpoint is of the scheme's kind.
llvm::Error nameBlinkDL(const Checkpoint &checkpoint, Model &model);
llvm::Error nameRwkvCpp(const Checkpoint &checkpoint, Model &model);
llvm::Error nameGguf(const Checkpoint &checkpoint, Model &model);
llvm::Error nameHf(const Checkpoint &checkpoint, Model &model);
llvm::Error nameFla(const Checkpoint &checkpoint, Model &model);
llvm::Error nameReversal(const Checkpoint &checkpoint, Model &model);

/// The view under its canonical name, with (1, 1, C) as [C].
void addTensor(Model &model, std::string name, const TensorView &view);

} // namespace rwkvc

#endif // FRONTENDS_MODELS_NAMESCHEMES_H
