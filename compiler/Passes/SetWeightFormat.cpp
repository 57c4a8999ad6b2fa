//===- SetWeightFormat.cpp - The element type of the matrices -------------===//
#include "compiler/Passes/Passes.h"
#include "dialects/Quant/Weight.h"
#include "dialects/RWKV/RWKV.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringSwitch.h"

namespace rwkvc::passes {
#define GEN_PASS_DEF_SETWEIGHTFORMAT
#include "compiler/Passes/Passes.h.inc"
} // namespace rwkvc::passes

using namespace mlir;
using namespace rwkvc;

static Type elementType(MLIRContext *context, StringRef format) {
  return llvm::StringSwitch<Type>(format)
      .Case("f32", Float32Type::get(context))
      .Case("f16", Float16Type::get(context))
      .Case("bf16", BFloat16Type::get(context))
      .Default(Type());
}

/// The weight that `linear` multiplies with, apart from other uses of the same tensor: a table that is tied to the
/// embedding is then stored twice, each in its own form. Null if the weight may not change.
static weight::TensorOp ownWeight(rwkv::LinearOp linear) {
  auto tensor = linear.getWeight().getDefiningOp<weight::TensorOp>();
  // A transformed weight is f32: see (C2) of weight.tensor.
  if (!tensor || tensor.getTransformsAttr())
    return {};
  auto isWeightOf = [](OpOperand &use) {
    auto other = dyn_cast<rwkv::LinearOp>(use.getOwner());
    return other && &other.getWeightMutable() == &use;
  };
  if (llvm::all_of(tensor->getUses(), isWeightOf))
    return tensor;

  OpBuilder builder(tensor);
  auto own = cast<weight::TensorOp>(builder.clone(*tensor));
  tensor.getResult().replaceUsesWithIf(own.getResult(), isWeightOf);
  return own;
}

namespace {

struct SetWeightFormat : passes::impl::SetWeightFormatBase<SetWeightFormat> {
  using SetWeightFormatBase::SetWeightFormatBase;

  void runOnOperation() override {
    if (format == "stored")
      return;
    Type element = elementType(&getContext(), format);
    if (!element) {
      getOperation().emitError() << "no weight format '" << format << "'; there are f32, f16, bf16 and stored";
      return signalPassFailure();
    }
    getOperation().walk([&](rwkv::LinearOp linear) {
      auto type = cast<RankedTensorType>(linear.getWeight().getType());
      if (type.getElementType() == element)
        return;
      if (weight::TensorOp tensor = ownWeight(linear))
        tensor.getResult().setType(type.clone(element));
    });
  }
};

} // namespace
