//===- SplitByRows.cpp - A program for each number of rows ----------------===//
#include "compiler/Passes/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace rwkvc::passes {
#define GEN_PASS_DEF_SPLITBYROWS
#include "compiler/Passes/Passes.h.inc"
} // namespace rwkvc::passes

using namespace mlir;
using namespace rwkvc;

namespace {

struct SplitByRows : passes::impl::SplitByRowsBase<SplitByRows> {
  using SplitByRowsBase::SplitByRowsBase;

  void runOnOperation() override {
    auto forward = getOperation().lookupSymbol<func::FuncOp>("forward");
    if (!forward) {
      getOperation().emitError("has no function @forward");
      return signalPassFailure();
    }
    OpBuilder builder(forward);
    for (int64_t most : {int64_t(1), int64_t(few)}) {
      auto program = cast<func::FuncOp>(builder.clone(*forward));
      program.setSymName(("forward_" + Twine(most)).str());
      program->setAttr("kernel.most_rows", builder.getI64IntegerAttr(most));
    }
  }
};

} // namespace
