//===- Dependence.cpp - Which kernel waits for which ----------------------===//
#include "compiler/Passes/Dependence.h"
#include "dialects/Kernel/Kernel.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace mlir;
using namespace rwkvc;

/// Threads do not meet between a kernel and one that quantises the columns that each of them has made.
static bool followsItsMaker(Operation *op) {
  auto quantise = dyn_cast<kernel::QuantizeOp>(op);
  auto maker = quantise ? quantise.getX().getDefiningOp<kernel::KernelOpInterface>() : kernel::KernelOpInterface();
  return maker && quantise.getScheduleAttr() && maker.getScheduleAttr() && quantise.mayFollow(maker);
}

DenseMap<Operation *, unsigned> passes::dependenceLevels(Block &block) {
  DenseMap<Operation *, unsigned> levels;
  for (Operation &op : block) {
    unsigned level = 0;
    for (Value operand : op.getOperands())
      if (Operation *producer = operand.getDefiningOp())
        level = std::max(level, levels.lookup(producer));
    levels[&op] = level + (isa<kernel::KernelOpInterface>(op) && !followsItsMaker(&op));
  }
  return levels;
}

bool passes::dependsThroughOthers(Operation *consumer, Operation *producer) {
  SmallVector<Operation *> pending;
  SmallPtrSet<Operation *, 16> seen;
  // What stands before the producer cannot need it.
  auto visit = [&](Operation *op) {
    for (Value operand : op->getOperands()) {
      Operation *other = operand.getDefiningOp();
      if (other && other != producer && producer->isBeforeInBlock(other) && seen.insert(other).second)
        pending.push_back(other);
    }
  };
  visit(consumer);
  while (!pending.empty()) {
    Operation *op = pending.pop_back_val();
    if (llvm::is_contained(llvm::map_range(op->getOperands(), [](Value v) { return v.getDefiningOp(); }), producer))
      return true;
    visit(op);
  }
  return false;
}

void passes::moveDependentsBehind(RewriterBase &rewriter, Operation *producer, Operation *consumer) {
  SmallPtrSet<Operation *, 16> dependent = {producer};
  SmallVector<Operation *> order;
  for (Operation *op = producer->getNextNode(); op != consumer; op = op->getNextNode()) {
    auto needsIt = [&](Value operand) { return dependent.contains(operand.getDefiningOp()); };
    if (llvm::any_of(op->getOperands(), needsIt)) {
      dependent.insert(op);
      order.push_back(op);
    }
  }
  Operation *last = consumer;
  for (Operation *op : order) {
    rewriter.moveOpAfter(op, last);
    last = op;
  }
}
