//===- FuseEpilogue.cpp - Element-wise work in the gemm before it ---------===//
#include "compiler/Passes/Dependence.h"
#include "compiler/Passes/MergeKernels.h"
#include "compiler/Passes/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace rwkvc::passes {
#define GEN_PASS_DEF_FUSEEPILOGUE
#include "compiler/Passes/Passes.h.inc"
} // namespace rwkvc::passes

using namespace mlir;
using namespace rwkvc;

/// Whichever of two gemms is ready last: the other one would have to wait for it.
static kernel::GemmOp later(kernel::GemmOp a, kernel::GemmOp b) {
  if (!a || a == b)
    return b;
  auto levels = passes::dependenceLevels(*a->getBlock());
  unsigned levelOfA = levels.lookup(a), levelOfB = levels.lookup(b);
  if (levelOfA != levelOfB)
    return levelOfA > levelOfB ? a : b;
  return a->isBeforeInBlock(b) ? b : a;
}

namespace {

/// f(gemm, rows, constants) -> gemm with f at the end of its epilogue.
struct MergeIntoEpilogue : OpRewritePattern<kernel::ScanOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(kernel::ScanOp scan, PatternRewriter &rewriter) const override {
    kernel::GemmOp last;
    for (Value row : scan.getRows())
      if (auto gemm = row.getDefiningOp<kernel::GemmOp>())
        last = later(last, gemm);
    if (!last)
      return rewriter.notifyMatchFailure(scan, "reads no product");
    return passes::mergeIntoEpilogue(rewriter, last, scan);
  }
};

struct FuseEpilogue : passes::impl::FuseEpilogueBase<FuseEpilogue> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<MergeIntoEpilogue>(&getContext());
    if (failed(passes::applyFusions(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
