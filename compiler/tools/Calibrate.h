//===- Calibrate.h - What a model's matrices are multiplied with -*- C++ -*-===//
#ifndef COMPILER_TOOLS_CALIBRATE_H
#define COMPILER_TOOLS_CALIBRATE_H

#include "compiler/Pipeline/CompileModel.h"
#include "frontends/Models/Models.h"

namespace rwkvc {

struct Calibration {
  std::vector<int32_t> tokens; // none: weights are rounded each by itself
  std::string beside;          // a file; in its folder a module lies for a moment

  llvm::function_ref<void(llvm::ArrayRef<std::byte>)> release; // as CompileOptions has it
  llvm::function_ref<void(llvm::StringRef what, uint64_t done, uint64_t total)> progress;
};

/// The ids in the file at `path`. A sentence if there are too few, or if `weights` (Mixture.h) gives no matrix of the
/// model a format that calibration changes.
llvm::Expected<std::vector<int32_t>> readCalibrationTokens(const std::string &path, const Model &model,
                                                           llvm::StringRef weights);

/// Compiles the model, as it is stored and with rows of f32, for this machine; runs it over the tokens, and returns
/// what it has seen.
llvm::Expected<weight::MomentsTable> observeInputs(const Model &model, const BuildOptions &build,
                                                   const Calibration &calibration);

} // namespace rwkvc

#endif // COMPILER_TOOLS_CALIBRATE_H
