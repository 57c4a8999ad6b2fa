//===- Step.cpp - kernel.parallel and kernel.call -------------------------===//
#include "dialects/Kernel/Kernel.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace rwkvc::kernel;

LogicalResult ParallelOp::verify() {
  // C1
  Block &body = getBody().front();
  for (Operation &op : body.without_terminator())
    for (Value operand : op.getOperands())
      if (Operation *producer = operand.getDefiningOp(); producer && producer->getBlock() == &body)
        return op.emitOpError("uses the result of a kernel in the same parallel region");

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
  return success();
}
