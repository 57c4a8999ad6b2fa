//===- SynthModel.h - Names, shapes and statistics of releases --*- C++ -*-===//
//
// What `rwkvc synth` imitates: every tensor of a released model, and a distribution for each that
// keeps activations and states finite.
//
//===----------------------------------------------------------------------===//
#ifndef COMPILER_TOOLS_SYNTHMODEL_H
#define COMPILER_TOOLS_SYNTHMODEL_H

#include "frontends/Files/SafetensorsWriter.h"
#include "llvm/Support/Error.h"
#include <vector>

namespace rwkvc {

struct Distribution {
  enum Kind { Normal, Uniform } kind;
  float first, second; // Normal: mean and standard deviation; Uniform: from and to
};

struct SynthTensor {
  TensorDescription description;
  Distribution distribution;
};

/// The tensors of the release of RWKV `version` ("4", "5.2", "6", "7") that is called `size` ("1.5b").
/// Refuses a size that was not released, with the list of those that were.
llvm::Expected<std::vector<SynthTensor>> synthModel(llvm::StringRef version, llvm::StringRef size);

} // namespace rwkvc

#endif // COMPILER_TOOLS_SYNTHMODEL_H
