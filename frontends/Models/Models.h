//===- Models.h - From a checkpoint to the rwkv dialect ---------*- C++ -*-===//
//
// Recognises an RWKV version by tensor names and shapes, and builds its `forward` function.
// Reads no tensor data: what it makes of a file are strided views with BlinkDL's names.
//
//===----------------------------------------------------------------------===//
#ifndef FRONTENDS_MODELS_MODELS_H
#define FRONTENDS_MODELS_MODELS_H

#include "dialects/Quant/TensorView.h"
#include "frontends/Files/Checkpoint.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/Support/Error.h"
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace rwkvc {

struct Version;

/// What a reader of the model's description wants to know. Every number was read from a shape.
struct ModelInfo {
  std::string architecture; // "rwkv4", "rwkv5.0", "rwkv5.1", "rwkv5.2", "rwkv6", "rwkv7"
  int64_t layers = 0, channels = 0, ffnWidth = 0, vocabulary = 0;
  int64_t heads = 1, headSize = 0;      // RWKV-4 has no heads: one of all channels
  std::map<std::string, int64_t> ranks; // of layer 0's LoRAs, v's of layer 1: "w", "a", "v", "g", "mix", "decay"
};

struct Model {
  ModelInfo info;

  /// BlinkDL's names and orientations; vectors are [C]. Where an op wants another orientation
  /// there is a view more: NAME.t is a matrix transposed, and of RWKV-6's mix LoRAs
  /// time_maa_w1.X [R, C] and time_maa_w2.X [C, R] are the parts of X = w, k, v, r, g. What is a
  /// number a head in RWKV-5.0 and 5.1 is [H, N] with stride 0 over N. The graph calls [H, N] views [C].
  TensorTable tensors;

  bool decayIsFolded = false; // time_decay is what wkv4 and wkv5 want, not its logarithm
  bool bonusIsFolded = false; // so is time_first of RWKV-5

  const Version *version = nullptr;
  std::vector<std::shared_ptr<MappedFile>> files; // what `tensors` point into
};

struct BuildOptions {
  /// Instead of the official 64e-5, for converted RWKV-5 files that were made with 1e-5.
  std::optional<double> groupNormEps;
};

/// Checks every tensor that the version needs. Errors are one sentence that names the tensor, and
/// what was found and what is needed; other tensors of the checkpoint are ignored.
llvm::Expected<Model> recogniseModel(const Checkpoint &checkpoint);

/// The module with `forward`, verified. Loads the dialects that it needs.
llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>> buildModel(mlir::MLIRContext &context, const Model &model,
                                                             const BuildOptions &options = {});

} // namespace rwkvc

#endif // FRONTENDS_MODELS_MODELS_H
