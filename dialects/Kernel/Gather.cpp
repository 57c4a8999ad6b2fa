//===- Gather.cpp - kernel.gather -----------------------------------------===//
#include "dialects/Kernel/Kernel.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace rwkvc::kernel;

LogicalResult GatherOp::verify() {
  // C1
  int64_t channels = cast<RankedTensorType>(getTable().getType()).getDimSize(1);
  int64_t has = cast<RankedTensorType>(getResult().getType()).getDimSize(1);
  if (has != channels)
    return emitOpError() << "the result has " << has << " channels, but 'table' has " << channels;
  return success();
}

int64_t GatherOp::getUnits() {
  int64_t channels = cast<RankedTensorType>(getTable().getType()).getDimSize(1);
  return llvm::divideCeilSigned(channels, getScheduleAttr().getBlock());
}

int64_t GatherOp::getUnitCost() { return 8 * getScheduleAttr().getBlock(); }

Value GatherOp::getRowSource() { return getIndex(); }
