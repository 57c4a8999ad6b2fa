//===- ExpectZeros.cpp - Inputs of which many are zero --------------------===//
#include "compiler/Passes/Passes.h"
#include "dialects/Kernel/Kernel.h"
#include "dialects/Quant/Format.h"
#include "dialects/Quant/Weight.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/Support/MathExtras.h"

namespace rwkvc::passes {
#define GEN_PASS_DEF_EXPECTZEROS
#include "compiler/Passes/Passes.h.inc"
} // namespace rwkvc::passes

using namespace mlir;
using namespace rwkvc;

/// That whole blocks of outputs are stored costs at most an eighth.
static bool fillsBlocks(int64_t outputs) {
  return llvm::divideCeilSigned(outputs, weight::kInputBlock) * weight::kInputBlock - outputs <= outputs / 8;
}

/// Whether the weight can be stored input by input, and what it is multiplied with has zeros.
static bool maySkipZeros(kernel::GemmOp gemm) {
  auto source = gemm.getX().getDefiningOp<kernel::GemmOp>();
  auto weight = gemm.getWeight().getDefiningOp<weight::TensorOp>();
  if (!source || !source.yieldsSquaredRelu() || !weight)
    return false;
  const weight::Format *format = weight::findFormat(weight.getStoredFormat());
  return format && format->inputMajor && fillsBlocks(cast<RankedTensorType>(weight.getType()).getDimSize(0));
}

namespace {

struct ExpectZeros : passes::impl::ExpectZerosBase<ExpectZeros> {
  using ExpectZerosBase::ExpectZerosBase;

  void runOnOperation() override {
    Builder builder(&getContext());
    getOperation().walk([&](kernel::GemmOp gemm) {
      if (maySkipZeros(gemm))
        gemm.setZerosAttr(builder.getF64FloatAttr(zeros));
    });
  }
};

} // namespace
