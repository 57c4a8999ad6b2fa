//===- SynthModel.h - Names, shapes and statistics of releases --*- C++ -*-===//
//
// What `rwkvc synth` imitates: every tensor of a released model in BlinkDL's names, and a distribution
// for each that keeps activations and states finite.
//
//===----------------------------------------------------------------------===//
#ifndef COMPILER_TOOLS_SYNTHMODEL_H
#define COMPILER_TOOLS_SYNTHMODEL_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <string>
#include <vector>

namespace rwkvc {

struct Distribution {
  enum Kind { Normal, Uniform } kind;
  float first, second; // Normal: mean and standard deviation; Uniform: from and to
};

struct SynthTensor {
  std::string name;
  llvm::SmallVector<int64_t, 4> shape;
  Distribution distribution;

  int64_t elements() const;
};

/// What is asked for instead of the release's own; 0 keeps it.
struct SynthChanges {
  int64_t layers = 0, channels = 0, vocabulary = 0;
  double zeros = 0; // the share of channel mix's activation that its relu makes zero; about half by itself
};

struct SynthModel {
  std::string version; // "4", "5.2", "6", "7"
  int64_t layers, channels, vocabulary, headSize, ffnWidth;
  int64_t decayRank, rateRank, valueRank, gateRank; // v7's LoRAs; v6: decayRank, and rateRank for the mixes
  std::vector<SynthTensor> tensors;                 // in the order of released files
};

/// The release of RWKV `version` ("4", "5.2", "6", "7") that is called `size` ("1.5b"). Refuses a size
/// that was not released, with the list of those that were.
llvm::Expected<SynthModel> synthModel(llvm::StringRef version, llvm::StringRef size, const SynthChanges &changes);

} // namespace rwkvc

#endif // COMPILER_TOOLS_SYNTHMODEL_H
