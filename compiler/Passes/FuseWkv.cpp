//===- FuseWkv.cpp - A recurrence and the row-wise work around it ---------===//
//
// Grows every recurrence in both directions until only gemms are around it. Names no
// version: what a scan is called does not matter, only what its states depend on.
//
//===----------------------------------------------------------------------===//
#include "compiler/Passes/MergeKernels.h"
#include "compiler/Passes/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace rwkvc::passes {
#define GEN_PASS_DEF_FUSEWKV
#include "compiler/Passes/Passes.h.inc"
} // namespace rwkvc::passes

using namespace mlir;
using namespace rwkvc;

namespace {

/// recurrence(f(x)) -> one scan, for an f that nobody else reads.
struct MergeIntoRecurrence : OpRewritePattern<kernel::ScanOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(kernel::ScanOp recurrence, PatternRewriter &rewriter) const override {
    if (!passes::isRecurrence(recurrence))
      return rewriter.notifyMatchFailure(recurrence, "is no recurrence");
    for (Value row : recurrence.getRows())
      if (auto producer = row.getDefiningOp<kernel::ScanOp>())
        if (succeeded(merge(rewriter, producer, recurrence)))
          return success();
    return failure();
  }

  LogicalResult merge(PatternRewriter &rewriter, kernel::ScanOp producer, kernel::ScanOp recurrence) const {
    if (!producer.getStates().empty())
      return rewriter.notifyMatchFailure(producer, "carries a state of its own");
    if (llvm::any_of(producer->getUsers(), [&](Operation *user) { return user != recurrence; }))
      return rewriter.notifyMatchFailure(producer, "has a user outside the recurrence, and is not computed twice");
    return passes::mergeScans(rewriter, producer, recurrence);
  }
};

/// f(recurrence(x), ...) -> one scan, for an f that is all that the recurrence is read by.
struct MergeAfterRecurrence : OpRewritePattern<kernel::ScanOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(kernel::ScanOp consumer, PatternRewriter &rewriter) const override {
    if (!consumer.getStates().empty())
      return rewriter.notifyMatchFailure(consumer, "carries a state of its own");
    for (Value row : consumer.getRows())
      if (auto recurrence = row.getDefiningOp<kernel::ScanOp>(); recurrence && passes::isRecurrence(recurrence)) {
        if (llvm::any_of(row.getUsers(), [&](Operation *user) { return user != consumer; }))
          return rewriter.notifyMatchFailure(consumer, "the recurrence's output has a second user");
        return passes::mergeScans(rewriter, recurrence, consumer);
      }
    return rewriter.notifyMatchFailure(consumer, "reads no recurrence");
  }
};

struct FuseWkv : passes::impl::FuseWkvBase<FuseWkv> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<MergeIntoRecurrence, MergeAfterRecurrence>(&getContext());
    if (failed(passes::applyFusions(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
