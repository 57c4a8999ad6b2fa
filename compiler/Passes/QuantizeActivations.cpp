//===- QuantizeActivations.cpp - Integer rows for integer weights ---------===//
#include "compiler/Passes/Passes.h"
#include "dialects/Kernel/Kernel.h"
#include "dialects/Quant/Format.h"
#include "dialects/Quant/Weight.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace rwkvc::passes {
#define GEN_PASS_DEF_QUANTIZEACTIVATIONS
#include "compiler/Passes/Passes.h.inc"
} // namespace rwkvc::passes

using namespace mlir;
using namespace rwkvc;

/// Rounding inputs to 8 bits is far below what weights of 4 bits have lost; weights of 8 bits are worth 16.
static int64_t inputBits(const weight::Format &format) { return format.codeBits <= 4 ? 8 : 16; }

namespace {

struct QuantizeActivations : passes::impl::QuantizeActivationsBase<QuantizeActivations> {
  using QuantizeActivationsBase::QuantizeActivationsBase;

  void runOnOperation() override {
    std::optional<kernel::ByteOrder> parsed = kernel::symbolizeByteOrder(order);
    if (!parsed) {
      getOperation().emitError() << "there is no order '" << order << "' of bytes, only bytes and pairs";
      return signalPassFailure();
    }
    // Kernels that share an input share its integers.
    DenseMap<std::pair<Value, kernel::GroupsAttr>, Value> known;
    getOperation().walk([&](kernel::GemmOp gemm) {
      auto weight = gemm.getWeight().getDefiningOp<weight::TensorOp>();
      const weight::Format *format = weight ? weight::findFormat(weight.getStoredFormat()) : nullptr;
      if (gemm.getScheduleAttr() && gemm.getScheduleAttr().getSkipZeros())
        return; // few inputs are left
      if (!format || !format->codeBits || !cast<RankedTensorType>(gemm.getX().getType()).getElementType().isF32())
        return;
      auto groups = kernel::GroupsAttr::get(&getContext(), format->inputStep, inputBits(*format), *parsed);
      Value x = gemm.getX(), &quantised = known[{x, groups}];
      if (!quantised) {
        OpBuilder builder(gemm);
        builder.setInsertionPointAfterValue(x);
        auto type = cast<RankedTensorType>(x.getType());
        auto integer = builder.getIntegerType(groups.getBits());
        quantised = kernel::QuantizeOp::create(
            builder, gemm.getLoc(), RankedTensorType::get(type.getShape(), integer, groups), x, kernel::ScheduleAttr());
      }
      gemm.getXMutable().assign(quantised);
    });
  }
};

} // namespace
