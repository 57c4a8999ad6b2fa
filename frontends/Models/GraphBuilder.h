//===- GraphBuilder.h - Writes `forward` as the paper would -----*- C++ -*-===//
//
// Inside of a layer, names are relative to it: "att.key.weight" is "blocks.3.att.key.weight", and the
// state "att.shift" is "layer.3.att.shift".
//
//===----------------------------------------------------------------------===//
#ifndef FRONTENDS_MODELS_GRAPHBUILDER_H
#define FRONTENDS_MODELS_GRAPHBUILDER_H

#include "dialects/RWKV/RWKV.h"
#include "frontends/Models/Models.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace rwkvc {

class GraphBuilder {
public:
  GraphBuilder(mlir::ModuleOp module, const Model &model, const BuildOptions &options);

  const Model &model;
  mlir::Value tokens, wanted; // tensor<?xi32>
  mlir::Value firstV;         // RWKV-7: layer 0's v, which later layers mix in

  /// -1 outside of the layers.
  int64_t layer() const { return currentLayer; }
  void enterLayer(int64_t layer) { currentLayer = layer; }

  bool has(llvm::StringRef name) const { return model.tensors.count(inLayer(name)); }
  mlir::Value weight(llvm::StringRef name);
  /// As one dimension, whatever the view's are: [H, N] becomes [C].
  mlir::Value vector(llvm::StringRef name);

  /// A state's value before the first row; `keep` says what it is after the last.
  mlir::Value state(llvm::StringRef name, llvm::ArrayRef<int64_t> shape, float initial = 0.0f);
  void keep(mlir::Value state, mlir::Value next);

  mlir::Value embed(llvm::StringRef table);
  mlir::Value takeRows(mlir::Value x);
  /// With a bias when the checkpoint has one of that name.
  mlir::Value linear(mlir::Value x, llvm::StringRef weight, llvm::StringRef bias = "");
  /// NAME.weight and NAME.bias.
  mlir::Value layerNorm(mlir::Value x, llvm::StringRef name);
  mlir::Value groupNorm(mlir::Value x, llvm::StringRef name);
  mlir::Value l2Normalize(mlir::Value x);
  /// The row before each, with the last one kept in the state of that name.
  mlir::Value tokenShift(mlir::Value x, llvm::StringRef state);
  mlir::Value lerp(mlir::Value x, mlir::Value y, llvm::StringRef mix) { return lerp(x, y, weight(mix)); }
  mlir::Value lerp(mlir::Value x, mlir::Value y, mlir::Value mix);
  mlir::Value scale(mlir::Value x, llvm::StringRef by);
  mlir::Value activate(rwkv::ActivationKind kind, mlir::Value x);
  mlir::Value add(mlir::Value x, mlir::Value y);
  mlir::Value mul(mlir::Value x, mlir::Value y);
  mlir::Value neg(mlir::Value x);

  /// Any other op; result types are inferred.
  template <typename OpTy, typename... Args> OpTy create(Args &&...args) {
    return OpTy::create(builder, std::forward<Args>(args)...);
  }

  /// Ends the function: `logits`, then every state's next value.
  void finish(mlir::Value logits);

private:
  std::string inLayer(llvm::StringRef name) const;
  enum class Role { Operand, Vector, Table };
  mlir::Value tensor(llvm::StringRef name, Role role);

  mlir::ImplicitLocOpBuilder builder;
  mlir::func::FuncOp function;
  int64_t currentLayer = -1;
  double groupNormEps;
  llvm::SmallVector<mlir::Value> nextStates; // one for every argument after tokens and wanted
};

} // namespace rwkvc

#endif // FRONTENDS_MODELS_GRAPHBUILDER_H
