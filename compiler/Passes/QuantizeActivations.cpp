//===- QuantizeActivations.cpp - Rounded rows for fast dot products -------===//
#include "compiler/Passes/Passes.h"
#include "compiler/Passes/Programs.h"
#include "dialects/Kernel/Kernel.h"
#include "dialects/Quant/Groups.h"
#include "dialects/Quant/Weight.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace rwkvc::passes {
#define GEN_PASS_DEF_QUANTIZEACTIVATIONS
#include "compiler/Passes/Passes.h.inc"
} // namespace rwkvc::passes

using namespace mlir;
using namespace rwkvc;

/// Inputs of a group where many rows share the work of joining a weight's groups of 4-bit codes.
static constexpr int64_t kJoined = 64;

/// What `gemm` takes instead of rows of f32, [M, C]; null if nothing else. A single row waits for memory, so it is
/// rounded no further than the weights' own error asks for: weights of 8 bits are worth 16 of an input.
static RankedTensorType quantizedRows(kernel::GemmOp gemm, const weight::Format &format, int64_t most,
                                      kernel::ByteOrder order, bool manyBytes, bool bf16) {
  auto type = cast<RankedTensorType>(gemm.getX().getType());
  int64_t inputs = type.getDimSize(1);
  Builder builder(gemm.getContext());
  bool takesPairs = format.isPairs || (format.roundsToPairs && most == 0);
  if (bf16 && most != 1 && takesPairs && inputs % 2 == 0)
    return RankedTensorType::get(type.getShape(), builder.getBF16Type());
  if (!format.codeBits)
    return {};
  bool isPrecise = format.codeBits > 4 && (most == 1 || !manyBytes);
  int64_t bits = isPrecise ? 16 : 8;
  bool joins = weight::canJoinGroups(format) && most == 0 && manyBytes && inputs % kJoined == 0;
  return RankedTensorType::get(type.getShape(), builder.getIntegerType(bits),
                               kernel::GroupsAttr::get(gemm.getContext(), joins ? kJoined : format.inputStep, bits, order));
}

namespace {

struct QuantizeActivations : passes::impl::QuantizeActivationsBase<QuantizeActivations> {
  using QuantizeActivationsBase::QuantizeActivationsBase;

  void runOnOperation() override {
    std::optional<kernel::ByteOrder> parsed = kernel::symbolizeByteOrder(order);
    if (!parsed) {
      getOperation().emitError() << "there is no order '" << order << "' of bytes, only bytes and pairs";
      return signalPassFailure();
    }
    int64_t most = passes::mostRows(getOperation());
    // Kernels that share an input share its rounded rows.
    DenseMap<std::pair<Value, Type>, Value> known;
    getOperation().walk([&](kernel::GemmOp gemm) {
      auto weight = gemm.getWeight().getDefiningOp<weight::TensorOp>();
      const weight::Format *format = weight ? weight::findFormat(weight.getStoredFormat()) : nullptr;
      if (!format || !cast<RankedTensorType>(gemm.getX().getType()).getElementType().isF32())
        return;
      RankedTensorType type = quantizedRows(gemm, *format, most, *parsed, manyBytes, bf16);
      if (!type)
        return;
      Value x = gemm.getX(), &quantised = known[{x, type}];
      if (!quantised) {
        OpBuilder builder(gemm);
        builder.setInsertionPointAfterValue(x);
        quantised = kernel::QuantizeOp::create(builder, gemm.getLoc(), type, x, kernel::ScheduleAttr());
      }
      gemm.getXMutable().assign(quantised);
    });
  }
};

} // namespace
