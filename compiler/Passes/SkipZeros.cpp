//===- SkipZeros.cpp - Weights that need not be read ----------------------===//
#include "compiler/Passes/SkipZeros.h"
#include "compiler/Passes/Passes.h"
#include "compiler/Passes/Programs.h"
#include "dialects/Quant/Weight.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace rwkvc::passes {
#define GEN_PASS_DEF_SKIPZEROS
#include "compiler/Passes/Passes.h.inc"
} // namespace rwkvc::passes

using namespace mlir;
using namespace rwkvc;

static const weight::Format &formatOf(kernel::GemmOp gemm) {
  return *weight::findFormat(gemm.getWeight().getDefiningOp<weight::TensorOp>().getStoredFormat());
}

bool passes::skippingPays(kernel::GemmOp gemm) {
  return gemm.getZeros() && gemm.getZeros()->convertToDouble() >= formatOf(gemm).inputMajor->breakEven;
}

RankedTensorType passes::rowsForInputs(RankedTensorType rows, const weight::Format &format) {
  if (rows.getElementType().isBF16() && format.isPairs)
    return rows;
  return RankedTensorType::get(rows.getShape(), Float32Type::get(rows.getContext()));
}

void passes::skipZeros(kernel::GemmOp gemm, kernel::ScheduleAttr schedule) {
  gemm.setScheduleAttr(schedule);
  auto rows = cast<RankedTensorType>(gemm.getX().getType());
  auto quantise = gemm.getX().getDefiningOp<kernel::QuantizeOp>();
  if (!quantise || rowsForInputs(rows, formatOf(gemm)) == rows)
    return;
  gemm.getXMutable().assign(quantise.getX());
  if (quantise->use_empty())
    quantise->erase();
}

namespace {

struct SkipZeros : passes::impl::SkipZerosBase<SkipZeros> {
  using SkipZerosBase::SkipZerosBase;

  void runOnOperation() override {
    bool isWide = vectorRegisters * vectorBits >= 32 * 512;
    int64_t most = passes::mostRows(getOperation());
    // One row sums in memory; many in registers.
    int64_t columns = most == 1 ? weight::kInputBlock : isWide ? 64 : weight::kLanes;
    auto schedule = kernel::ScheduleAttr::get(&getContext(), backend, weight::kInputBlock,
                                              most == 1 ? 1 : isWide && !most ? 6 : 4, columns, weight::kInputBlock, most,
                                              /*skip_zeros=*/true, /*tile_inputs=*/0, /*prefetch=*/0);
    getOperation().walk([&](kernel::GemmOp gemm) {
      if (!gemm.getScheduleAttr() && passes::skippingPays(gemm))
        passes::skipZeros(gemm, schedule);
    });
  }
};

} // namespace
