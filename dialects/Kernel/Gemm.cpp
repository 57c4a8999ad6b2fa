//===- Gemm.cpp - kernel.gemm ---------------------------------------------===//
#include "dialects/Kernel/Kernel.h"
#include "dialects/Quant/Groups.h"
#include "dialects/Quant/Weight.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace rwkvc::kernel;

LogicalResult GemmOp::verify() {
  auto x = cast<RankedTensorType>(getX().getType()), w = cast<RankedTensorType>(getWeight().getType()),
       out = cast<RankedTensorType>(getResult().getType());

  // C1
  if (x.getDimSize(1) != w.getDimSize(1))
    return emitOpError() << "'x' has " << x.getDimSize(1) << " inputs, but 'weight' has " << w.getDimSize(1);
  if (out.getDimSize(1) != w.getDimSize(0))
    return emitOpError() << "the result has " << out.getDimSize(1) << " outputs, but 'weight' has " << w.getDimSize(0);

  // C2
  for (Type type : getRows().getTypes())
    if (cast<RankedTensorType>(type).getDimSize(1) != w.getDimSize(0))
      return emitOpError() << "a row operand has " << cast<RankedTensorType>(type).getDimSize(1)
                           << " channels, but the result has " << w.getDimSize(0);

  // C3
  for (Type type : getConstants().getTypes())
    if (cast<RankedTensorType>(type).getDimSize(0) != w.getDimSize(0))
      return emitOpError() << "a constant has " << cast<RankedTensorType>(type).getDimSize(0)
                           << " channels, but the result has " << w.getDimSize(0);

  // C4
  Block &body = getBody().front();
  size_t arguments = 1 + getRows().size() + getConstants().size();
  auto isF32 = [](Type type) { return type.isF32(); };
  if (body.getNumArguments() != arguments || !llvm::all_of(body.getArgumentTypes(), isF32))
    return emitOpError() << "the body must take " << arguments << " values of f32";
  Operation *yield = body.getTerminator();
  if (yield->getNumOperands() != 1 || !isF32(yield->getOperand(0).getType()))
    return emitOpError("the body must yield one f32");

  // C5
  auto layout = dyn_cast_or_null<weight::LayoutAttr>(w.getEncoding());
  if (ScheduleAttr schedule = getScheduleAttr(); schedule && layout && schedule.getPanel() != layout.getPanel())
    return emitOpError() << "is scheduled for panels of " << schedule.getPanel() << ", but the weight has "
                         << layout.getPanel();

  // C6
  bool isInputMajor = layout && layout.getInputMajor();
  if (isInputMajor && isa<IntegerType>(x.getElementType()))
    return emitOpError("multiplies an input-major weight with quantised rows");
  if (layout && !isInputMajor && getScheduleAttr() && getScheduleAttr().getSkipZeros())
    return emitOpError("skips zeros, but its weight is not input-major");

  // C7
  if (x.getElementType().isF32())
    return success();
  auto groups = dyn_cast_or_null<GroupsAttr>(x.getEncoding());
  const weight::Format *format = layout ? weight::findFormat(layout.getFormat()) : nullptr;
  if (x.getElementType().isBF16()) {
    if (layout && !(format && (format->isPairs || format->roundsToPairs)))
      return emitOpError() << "'x' is of bf16, but the weight is stored as " << layout.getFormat();
    return success();
  }
  if (!groups)
    return emitOpError("the encoding of a quantised 'x' is not #kernel.groups");
  if (layout && (!format || !format->codeBits))
    return emitOpError() << "'x' is quantised, but the weight is stored as " << layout.getFormat();
  if (layout && groups.getSize() % format->inputStep)
    return emitOpError() << "'x' has groups of " << groups.getSize() << ", but the weight's are of "
                         << format->inputStep;
  bool isJoined = layout && groups.getSize() != format->inputStep;
  if (isJoined && !weight::canJoinGroups(*format))
    return emitOpError() << "'x' has groups of " << groups.getSize() << ", but groups of " << format->name
                         << " are not joined";
  if (isJoined && x.getDimSize(1) % groups.getSize())
    return emitOpError() << "'x' has " << x.getDimSize(1) << " inputs, which are no whole groups of "
                         << groups.getSize();
  return success();
}

bool GemmOp::yieldsSquaredRelu() {
  auto square = getBody().front().getTerminator()->getOperand(0).getDefiningOp<arith::MulFOp>();
  if (!square || square.getLhs() != square.getRhs())
    return false;
  auto relu = square.getLhs().getDefiningOp<arith::MaximumFOp>();
  return relu && matchPattern(relu.getRhs(), m_AnyZeroFloat());
}

bool GemmOp::widensWeight() {
  auto x = cast<RankedTensorType>(getX().getType());
  auto layout = cast<weight::LayoutAttr>(cast<RankedTensorType>(getWeight().getType()).getEncoding());
  const weight::Format *format = weight::findFormat(layout.getFormat());
  if (layout.getInputMajor())
    return false;
  if (auto groups = dyn_cast_or_null<GroupsAttr>(x.getEncoding()))
    return groups.getSize() != format->inputStep;
  if (x.getElementType().isBF16())
    return !format->isPairs;
  return format->codeBits && getScheduleAttr().getMostRows() != 1;
}

int64_t GemmOp::getUnits() {
  int64_t outputs = cast<RankedTensorType>(getWeight().getType()).getDimSize(0);
  return llvm::divideCeilSigned(outputs, getUnitColumns());
}

int64_t GemmOp::getUnitColumns() { return getScheduleAttr().getPanel(); }

int64_t GemmOp::getUnitCost() {
  auto w = cast<RankedTensorType>(getWeight().getType());
  auto layout = cast<weight::LayoutAttr>(w.getEncoding());
  const weight::Format *format = weight::findFormat(layout.getFormat());
  if (layout.getInputMajor())
    return format->inputMajor->bytes(w.getDimSize(0), w.getDimSize(1)) / getUnits();
  return format->panelBytes(w.getDimSize(1), layout.getPanel());
}

Value GemmOp::getRowSource() { return getX(); }
