//===- StatePassing.cpp - From a state to its next value ------------------===//
#include "compiler/Passes/StatePassing.h"
#include "dialects/Kernel/Kernel.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace rwkvc;

/// The scan that `op` is or calls; an outlined scan has the operands of its calls, in order.
static kernel::ScanOp scanOf(Operation *op) {
  auto call = dyn_cast<kernel::CallOp>(op);
  if (!call)
    return dyn_cast<kernel::ScanOp>(op);
  auto callee = SymbolTable::lookupNearestSymbolFrom<FunctionOpInterface>(op, call.getCalleeAttr());
  if (!callee || callee.isExternal())
    return {};
  return dyn_cast<kernel::ScanOp>(callee.getFunctionBody().front().front());
}

FailureOr<OpResult> passes::finalState(Value state) {
  if (!state.hasOneUse())
    return failure();
  OpOperand &use = *state.use_begin();
  kernel::ScanOp scan = scanOf(use.getOwner());
  if (!scan || scan.getStates().empty())
    return failure();
  unsigned first = scan.getStates().getBeginOperandIndex();
  if (use.getOperandNumber() < first)
    return failure();
  return use.getOwner()->getResult(scan.getNumOutputs() + use.getOperandNumber() - first);
}

Value passes::visibleResult(OpResult result) {
  auto parallel = dyn_cast<kernel::ParallelOp>(result.getOwner()->getParentOp());
  if (!parallel)
    return result;
  auto yielded = parallel.getBody().front().getTerminator()->getOperands();
  auto it = llvm::find(yielded, result);
  return it == yielded.end() ? Value() : parallel->getResult(std::distance(yielded.begin(), it));
}
