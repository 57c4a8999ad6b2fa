//===- SkipZeros.cpp - Weights that need not be read ----------------------===//
#include "compiler/Passes/Passes.h"
#include "compiler/Passes/Programs.h"
#include "dialects/Kernel/Kernel.h"
#include "dialects/Quant/Format.h"
#include "dialects/Quant/Weight.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/Support/MathExtras.h"

namespace rwkvc::passes {
#define GEN_PASS_DEF_SKIPZEROS
#include "compiler/Passes/Passes.h.inc"
} // namespace rwkvc::passes

using namespace mlir;
using namespace rwkvc;

/// That whole blocks of outputs are stored costs at most an eighth.
static bool fillsBlocks(int64_t outputs) {
  return llvm::divideCeilSigned(outputs, weight::kInputBlock) * weight::kInputBlock - outputs <= outputs / 8;
}

static bool skippingPays(kernel::GemmOp gemm, double zeros) {
  auto source = gemm.getX().getDefiningOp<kernel::GemmOp>();
  auto weight = gemm.getWeight().getDefiningOp<weight::TensorOp>();
  if (!source || !source.yieldsSquaredRelu() || !weight)
    return false;
  const weight::Format *format = weight::findFormat(weight.getStoredFormat());
  return format && format->inputMajor && zeros >= format->inputMajor->breakEven &&
         fillsBlocks(cast<RankedTensorType>(weight.getType()).getDimSize(0));
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
      if (!gemm.getScheduleAttr() && skippingPays(gemm, zeros))
        gemm.setScheduleAttr(schedule);
    });
  }
};

} // namespace
