//===- Quantize.cpp - kernel.quantize -------------------------------------===//
#include "dialects/Kernel/Kernel.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace rwkvc::kernel;

LogicalResult GroupsAttr::verify(function_ref<InFlightDiagnostic()> emitError, int64_t size, int64_t bits, ByteOrder) {
  if (size < 16 || size > 64 || size % 16)
    return emitError() << "'size' is " << size << ", but must be 16, 32, 48 or 64";
  if (bits != 8 && bits != 16)
    return emitError() << "'bits' is " << bits << ", but must be 8 or 16";
  return success();
}

int64_t rwkvc::kernel::rowBytes(RankedTensorType type) {
  int64_t channels = type.getDimSize(1);
  if (auto groups = dyn_cast_or_null<GroupsAttr>(type.getEncoding()))
    return groups.getRowBytes(channels);
  return type.getElementType().isBF16() ? 4 * llvm::divideCeilSigned(channels, 2) : 4 * channels;
}

GroupsAttr QuantizeOp::getGroups() {
  return dyn_cast_or_null<GroupsAttr>(cast<RankedTensorType>(getResult().getType()).getEncoding());
}

LogicalResult QuantizeOp::verify() {
  // C1
  auto x = cast<RankedTensorType>(getX().getType()), result = cast<RankedTensorType>(getResult().getType());
  auto groups = dyn_cast_or_null<GroupsAttr>(result.getEncoding());
  if (result.getElementType().isBF16() && result.getEncoding())
    return emitOpError("the result is of bf16, but has an encoding");
  if (!result.getElementType().isBF16() && !groups)
    return emitOpError("the result's encoding is not #kernel.groups");
  if (groups && result.getElementTypeBitWidth() != groups.getBits())
    return emitOpError() << "the result is of " << result.getElementType() << ", but its groups of " << groups.getBits()
                         << " bits";
  if (result.getDimSize(1) != x.getDimSize(1))
    return emitOpError() << "the result has " << result.getDimSize(1) << " channels, but 'x' has " << x.getDimSize(1);
  // C2
  ScheduleAttr schedule = getScheduleAttr();
  if (schedule && groups && schedule.getBlock() % groups.getSize())
    return emitOpError() << "is scheduled in blocks of " << schedule.getBlock() << ", which groups of "
                         << groups.getSize() << " do not divide";
  return success();
}

int64_t QuantizeOp::getUnits() {
  return llvm::divideCeilSigned(cast<RankedTensorType>(getX().getType()).getDimSize(1), getUnitColumns());
}

int64_t QuantizeOp::getUnitColumns() { return getScheduleAttr().getBlock(); }

bool QuantizeOp::mayFollow(KernelOpInterface maker) { return maker.getUnitColumns() == getUnitColumns(); }

int64_t QuantizeOp::getUnitCost() { return 6 * getScheduleAttr().getBlock(); }

Value QuantizeOp::getRowSource() { return getX(); }
