//===- Gather.cpp - kernel.gather -----------------------------------------===//
#include "dialects/Kernel/Kernel.h"
#include "dialects/Quant/Format.h"
#include "dialects/Quant/Weight.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::kernel;

LogicalResult GatherOp::verify() {
  // C1
  int64_t channels = cast<RankedTensorType>(getTable().getType()).getDimSize(1);
  int64_t has = cast<RankedTensorType>(getResult().getType()).getDimSize(1);
  if (has != channels)
    return emitOpError() << "the result has " << has << " channels, but 'table' has " << channels;
  // C2
  auto layout = dyn_cast_or_null<weight::LayoutAttr>(cast<RankedTensorType>(getTable().getType()).getEncoding());
  if (!layout || layout.getPanel() == 0)
    return success();
  const weight::Format *format = weight::findFormat(layout.getFormat());
  if (!format || layout.getPanel() != weight::kLanes)
    return emitOpError() << "'table' has panels of " << layout.getPanel() << " rows as " << layout.getFormat()
                         << ", but only panels of " << weight::kLanes << " in a known format can be picked from";
  if (ScheduleAttr schedule = getScheduleAttr(); schedule && schedule.getBlock() % format->inputStep)
    return emitOpError() << "has blocks of " << schedule.getBlock() << " channels, but " << format->name << " stores "
                         << format->inputStep << " together";
  return success();
}

int64_t GatherOp::getUnits() {
  int64_t channels = cast<RankedTensorType>(getTable().getType()).getDimSize(1);
  return llvm::divideCeilSigned(channels, getUnitColumns());
}

int64_t GatherOp::getUnitColumns() { return getScheduleAttr().getBlock(); }

int64_t GatherOp::getUnitCost() { return 8 * getScheduleAttr().getBlock(); }

Value GatherOp::getRowSource() { return getIndex(); }
