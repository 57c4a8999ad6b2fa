//===- FormParallel.cpp - Groups kernels between barriers -----------------===//
//
// On tensors only values order kernels; that a buffer is free again is for the plan of
// memory to see to. Rows are quantised in the region that makes them wherever they can be.
//
//===----------------------------------------------------------------------===//
#include "compiler/Passes/Dependence.h"
#include "compiler/Passes/Passes.h"
#include "dialects/Kernel/Kernel.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace rwkvc::passes {
#define GEN_PASS_DEF_FORMPARALLEL
#include "compiler/Passes/Passes.h.inc"
} // namespace rwkvc::passes

using namespace mlir;
using namespace rwkvc;

/// Moves `kernels` into one parallel region at the builder's place.
static void formRegion(OpBuilder &builder, ArrayRef<Operation *> kernels) {
  SmallVector<Value> values;
  for (Operation *op : kernels)
    llvm::append_range(values, op->getResults());
  SmallVector<Location> locs = llvm::map_to_vector(kernels, [](Operation *op) { return op->getLoc(); });
  Location loc = builder.getFusedLoc(locs);
  auto parallel = kernel::ParallelOp::create(builder, loc, TypeRange(ValueRange(values)));

  OpBuilder::InsertionGuard guard(builder);
  Block *body = builder.createBlock(&parallel.getBody());
  for (Operation *op : kernels)
    op->moveBefore(body, body->end());
  for (auto [value, result] : llvm::zip_equal(values, parallel->getResults()))
    value.replaceUsesWithIf(result, [&](OpOperand &use) { return use.getOwner()->getBlock() != body; });
  kernel::YieldOp::create(builder, loc, values);
}

namespace {

struct FormParallel : passes::impl::FormParallelBase<FormParallel> {
  void runOnOperation() override {
    func::FuncOp function = getOperation();
    // A private function is the body of one kernel.
    if (function.isExternal() || function.isPrivate())
      return;
    Block &block = function.getBody().front();
    auto levels = passes::dependenceLevels(block);

    SmallVector<SmallVector<Operation *>> regions;
    SmallVector<Operation *> others; // weights, which wait for nothing
    for (Operation &op : block.without_terminator()) {
      unsigned level = levels.lookup(&op);
      if (!isa<kernel::KernelOpInterface>(op)) {
        if (level) {
          op.emitOpError("uses the result of a kernel, but is no kernel");
          return signalPassFailure();
        }
        others.push_back(&op);
        continue;
      }
      if (regions.size() < level)
        regions.resize(level);
      regions[level - 1].push_back(&op);
    }

    for (Operation *op : others)
      op->moveBefore(block.getTerminator());
    OpBuilder builder(block.getTerminator());
    for (ArrayRef<Operation *> kernels : regions)
      formRegion(builder, kernels);
  }
};

} // namespace
