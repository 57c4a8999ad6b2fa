//===- SynthPlan.h - A model's tensors as a container has them --*- C++ -*-===//
//
// Converters rename, turn, join and exponentiate; a plan says from which of the model's tensors each
// stored one is made, so that it can be written piece by piece.
//
//===----------------------------------------------------------------------===//
#ifndef COMPILER_TOOLS_SYNTHPLAN_H
#define COMPILER_TOOLS_SYNTHPLAN_H

#include "compiler/tools/SynthModel.h"
#include "frontends/Files/Layouts.h"

namespace rwkvc {

struct SynthPart {
  enum Change { None, NegativeExp, ExpOfNegativeExp };

  const SynthTensor *tensor; // of the model
  bool turned = false;       // with its last two dimensions exchanged
  Change change = None;
};

struct PlannedTensor {
  StoredTensor stored;
  llvm::SmallVector<SynthPart, 1> parts; // one after the other
};

struct SynthPlan {
  std::vector<PlannedTensor> tensors;
  CheckpointLayout layout;

  std::vector<StoredTensor> stored() const;
};

/// `model` must outlive the plan. Types that a container has no tensors of are refused.
llvm::Expected<SynthPlan> planSafetensors(const SynthModel &model, DType type, uint64_t seed);
llvm::Expected<SynthPlan> planGguf(const SynthModel &model, DType type, uint64_t seed);
llvm::Expected<SynthPlan> planRwkvCpp(const SynthModel &model, DType type);

/// What planGguf writes before the tensors.
GgufPairs ggufMetadata(const SynthModel &model, DType type, uint64_t seed);

/// By the ending of `path`. Without `type`, what the container's files mostly have.
llvm::Expected<SynthPlan> planSynth(const SynthModel &model, llvm::StringRef path, llvm::StringRef type, uint64_t seed);

/// Without dimensions of 1.
llvm::SmallVector<int64_t, 4> squeezedShape(llvm::ArrayRef<int64_t> shape);

} // namespace rwkvc

#endif // COMPILER_TOOLS_SYNTHPLAN_H
