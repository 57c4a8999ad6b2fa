//===- SetWeightFormat.cpp - The formats of the matrices ------------------===//
#include "compiler/Passes/Passes.h"
#include "dialects/Quant/Mixture.h"
#include "dialects/Quant/Weight.h"
#include "dialects/Quant/WeightClass.h"
#include "dialects/RWKV/RWKV.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace rwkvc::passes {
#define GEN_PASS_DEF_SETWEIGHTFORMAT
#include "compiler/Passes/Passes.h.inc"
} // namespace rwkvc::passes

using namespace mlir;
using namespace rwkvc;

/// The weight that `linear` multiplies with, apart from other uses of the same tensor: a table that is tied to the
/// embedding is then stored twice, each in its own form. Null if the weight may not change.
static weight::TensorOp ownWeight(rwkv::LinearOp linear) {
  auto tensor = linear.getWeight().getDefiningOp<weight::TensorOp>();
  if (!tensor)
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
    std::string text = formats;
    std::replace(text.begin(), text.end(), ';', ',');
    llvm::Expected<weight::Mixture> mixture = weight::Mixture::parse(text);
    if (!mixture) {
      getOperation().emitError() << llvm::toString(mixture.takeError());
      return signalPassFailure();
    }
    auto set = [&](weight::TensorOp tensor, bool isTable) {
      if (!tensor)
        return;
      if (const weight::Format *format = mixture->format(weight::classOf(tensor.getName(), isTable)))
        tensor.setStored(format->name);
      else if (isTable && !mixture->isStored())
        tensor.removeStoredAttr(); // a table that is quantised in the checkpoint is wide where matrices are
    };
    getOperation().walk([&](rwkv::LinearOp linear) { set(ownWeight(linear), /*isTable=*/false); });
    getOperation().walk(
        [&](rwkv::EmbedOp embed) { set(embed.getTable().getDefiningOp<weight::TensorOp>(), /*isTable=*/true); });
  }
};

} // namespace
