//===- Step.cpp - kernel.parallel and kernel.call -------------------------===//
#include "dialects/Kernel/Kernel.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace rwkvc::kernel;

static bool mayFollow(KernelOpInterface kernel, KernelOpInterface maker) {
  auto quantise = kernel ? dyn_cast<QuantizeOp>(*kernel) : QuantizeOp();
  return quantise && maker && quantise.getScheduleAttr() && maker.getScheduleAttr() && quantise.mayFollow(maker);
}

LogicalResult ParallelOp::verify() {
  // C1; of calls it is checked with their callees
  Block &body = getBody().front();
  for (Operation &op : body.without_terminator())
    for (Value operand : op.getOperands()) {
      Operation *maker = operand.getDefiningOp();
      if (!maker || maker->getBlock() != &body || (isa<CallOp>(op) && isa<CallOp>(maker)))
        continue;
      if (!mayFollow(dyn_cast<KernelOpInterface>(op), dyn_cast<KernelOpInterface>(maker)))
        return op.emitOpError("uses the result of a kernel in the same parallel region");
    }

  // C2
  Operation *yield = body.getTerminator();
  if (yield->getOperandTypes() != getResultTypes())
    return emitOpError("yields other types than it returns");
  return success();
}

LogicalResult CallOp::verify() {
  // C2
  if (ArrayAttr places = getPlacesAttr()) {
    if (places.size() != getNumResults())
      return emitOpError() << "has " << places.size() << " places for " << getNumResults() << " results";
    if (!llvm::all_of(places, llvm::IsaPred<PlaceAttr>))
      return emitOpError("has a place that is no #kernel.place");
  }
  return success();
}

LogicalResult CallOp::verifySymbolUses(SymbolTableCollection &symbols) {
  // C1
  auto callee = symbols.lookupNearestSymbolFrom<FunctionOpInterface>(*this, getCalleeAttr());
  if (!callee)
    return emitOpError() << "calls " << getCalleeAttr() << ", which is not a function";
  if (TypeRange(callee.getArgumentTypes()) != TypeRange(getOperandTypes()) ||
      TypeRange(callee.getResultTypes()) != TypeRange(getResultTypes()))
    return emitOpError() << "does not have the types of " << getCalleeAttr();
  // C1 of kernel.parallel
  auto kernelOf = [&](CallOp call) {
    auto function = symbols.lookupNearestSymbolFrom<FunctionOpInterface>(call, call.getCalleeAttr());
    return function && !function.isExternal() ? dyn_cast<KernelOpInterface>(function.front().front())
                                              : KernelOpInterface();
  };
  for (Value input : getInputs())
    if (auto maker = input.getDefiningOp<CallOp>(); maker && !mayFollow(kernelOf(*this), kernelOf(maker)))
      return emitOpError("uses the result of a kernel in the same parallel region");
  return success();
}
