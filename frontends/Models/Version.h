//===- Version.h - What one file per RWKV version provides ------*- C++ -*-===//
//
// To add a version: write one file that defines a Version, declare it here, and list it in Models.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef FRONTENDS_MODELS_VERSION_H
#define FRONTENDS_MODELS_VERSION_H

#include "frontends/Models/GraphBuilder.h"
#include "frontends/Models/TensorChecks.h"

namespace rwkvc {

struct Version {
  /// Whether the names are this version's and no later one's.
  bool (*matches)(const TensorTable &tensors);

  /// Checks one layer's tensors and adds the views of them that the graph needs. Sets the
  /// architecture, the heads, the channel mix's width and the ranks.
  void (*checkLayer)(TensorChecks &check, Model &model, int64_t layer);

  /// What is added to x, given LN(x): [T, C] each.
  mlir::Value (*timeMix)(GraphBuilder &g, mlir::Value x);
  mlir::Value (*channelMix)(GraphBuilder &g, mlir::Value x);
};

/// Reads the width F from layer 0, and checks ffn.key and ffn.value.
void checkChannelMix(TensorChecks &check, ModelInfo &info);

/// RWKV-4 to 6: sigmoid(R xr) * V relu(K xk)^2.
mlir::Value gatedChannelMix(GraphBuilder &g, mlir::Value xk, mlir::Value xr);

extern const Version rwkv4, rwkv5, rwkv6, rwkv7;

} // namespace rwkvc

#endif // FRONTENDS_MODELS_VERSION_H
