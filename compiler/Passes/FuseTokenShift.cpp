//===- FuseTokenShift.cpp - A norm, its token shift and their mixes -------===//
#include "compiler/Passes/MergeKernels.h"
#include "compiler/Passes/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace rwkvc::passes {
#define GEN_PASS_DEF_FUSETOKENSHIFT
#include "compiler/Passes/Passes.h.inc"
} // namespace rwkvc::passes

using namespace mlir;
using namespace rwkvc;

/// True for a scan of whole rows whose only memory is a row that it has seen.
static bool isTokenShift(kernel::ScanOp scan) {
  return scan && scan.getGroups() == 1 && !scan.getStates().empty() && !passes::isRecurrence(scan);
}

/// The operand that becomes the next state, as it is; null once the row is computed inside.
static Value keptRow(kernel::ScanOp shift) {
  Block &body = shift.getBody().front();
  auto argument = dyn_cast<BlockArgument>(body.getTerminator()->getOperands().back());
  return argument ? shift->getOperand(argument.getArgNumber()) : Value();
}

namespace {

/// shift(norm(x)) -> one scan. The norm's result stays a result where the mixes are not the only ones to read it.
struct MergeNormIntoShift : OpRewritePattern<kernel::ScanOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(kernel::ScanOp shift, PatternRewriter &rewriter) const override {
    if (!isTokenShift(shift))
      return rewriter.notifyMatchFailure(shift, "is no token shift");
    Value row = keptRow(shift);
    auto norm = row ? row.getDefiningOp<kernel::ScanOp>() : kernel::ScanOp();
    if (!norm)
      return rewriter.notifyMatchFailure(shift, "the shifted row is not made by a scan");
    if (norm.getGroups() != 1 || !norm.getStates().empty())
      return rewriter.notifyMatchFailure(shift, "the shifted row is made group by group or with a state");
    if (norm.isElementwise())
      return rewriter.notifyMatchFailure(shift, "the shifted row is cheaper in the epilogue of a gemm");
    return passes::mergeScans(rewriter, norm, shift);
  }
};

/// mix(x, shift(x)) -> one scan with one more result.
struct MergeMixIntoShift : OpRewritePattern<kernel::ScanOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(kernel::ScanOp mix, PatternRewriter &rewriter) const override {
    if (!mix.getStates().empty() || !mix.isElementwise())
      return rewriter.notifyMatchFailure(mix, "is not element-wise");
    kernel::ScanOp shift;
    for (Value row : mix.getRows())
      if (auto scan = row.getDefiningOp<kernel::ScanOp>(); isTokenShift(scan))
        shift = scan;
    if (!shift)
      return rewriter.notifyMatchFailure(mix, "reads no shifted row");
    for (Value row : mix.getRows())
      if (row.getDefiningOp() != shift && !llvm::is_contained(shift.getRows(), row))
        return rewriter.notifyMatchFailure(mix,
                                           "reads a row that the token shift does not: the other mixes would wait");
    return passes::mergeScans(rewriter, shift, mix);
  }
};

struct FuseTokenShift : passes::impl::FuseTokenShiftBase<FuseTokenShift> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<MergeNormIntoShift, MergeMixIntoShift>(&getContext());
    if (failed(passes::applyFusions(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
