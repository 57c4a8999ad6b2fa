//===- Describe.cpp - From a kernel op to plain data ----------------------===//
//
// All that Halide does not take is refused here, with the reason.
//
//===----------------------------------------------------------------------===//
#include "compiler/Backends/Halide/Describe.h"
#include "compiler/Backends/Halide/Instructions.h"
#include "dialects/Quant/Groups.h"
#include "dialects/Quant/Weight.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::halide_backend;

/// Halide counts elements in 32 bits.
static constexpr int64_t kMostElements = (int64_t(1) << 31) - 1;

/// A group is one vector; its pieces lie on the stack.
static constexpr int64_t kLargestGroup = 256;

static Shape shapeOf(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return !tensor ? Shape::Scalar : tensor.getRank() == 1 ? Shape::Vector : Shape::Matrix;
}

static Axis axisOf(kernel::Axis axis) {
  return axis == kernel::Axis::All ? Axis::All : axis == kernel::Axis::Rows ? Axis::Rows : Axis::Columns;
}

static Body describeBody(Block &block) {
  Body body;
  llvm::DenseMap<Value, unsigned> numbers;
  for (BlockArgument argument : block.getArguments()) {
    numbers[argument] = body.arguments.size();
    body.arguments.push_back(shapeOf(argument.getType()));
  }
  for (Operation &op : block.without_terminator()) {
    Instruction instruction{Instruction::Arithmetic, shapeOf(op.getResult(0).getType())};
    for (Value operand : op.getOperands())
      instruction.operands.push_back(numbers.lookup(operand));
    if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
      auto dense = dyn_cast<DenseElementsAttr>(constant.getValue());
      auto value = dense ? dense.getSplatValue<FloatAttr>() : cast<FloatAttr>(constant.getValue());
      instruction.kind = Instruction::Constant;
      instruction.value = float(value.getValueAsDouble());
    } else if (auto broadcast = dyn_cast<kernel::BroadcastOp>(op)) {
      instruction.kind = Instruction::Broadcast;
      instruction.axis = axisOf(broadcast.getAxis());
    } else if (auto reduce = dyn_cast<kernel::ReduceOp>(op)) {
      instruction.kind = Instruction::Reduce;
      instruction.axis = axisOf(reduce.getAxis());
      instruction.isMaximum = reduce.getCombiner() == kernel::Combiner::Max;
    } else {
      instruction.op = op.getName().getStringRef().str();
    }
    numbers[op.getResult(0)] = body.arguments.size() + body.instructions.size();
    body.instructions.push_back(std::move(instruction));
  }
  for (Value value : block.getTerminator()->getOperands())
    body.yields.push_back(numbers.lookup(value));
  return body;
}

static Groups describeGroups(kernel::GroupsAttr groups) {
  return {groups.getSize(),       groups.getBits(),    groups.getIntegerBytes(),
          groups.getGroupBytes(), groups.getLargest(), groups.getOrder() == kernel::ByteOrder::Pairs};
}

static std::string describeGemm(kernel::GemmOp op, const MayUse &mayUse, Gemm &gemm) {
  auto x = cast<RankedTensorType>(op.getX().getType()), weight = cast<RankedTensorType>(op.getWeight().getType());
  auto layout = dyn_cast_or_null<weight::LayoutAttr>(weight.getEncoding());
  const weight::Format *found = layout ? weight::findFormat(layout.getFormat()) : nullptr;
  if (!found)
    return "its weight has no known layout";
  const weight::Format &format = *found;
  auto groups = dyn_cast_or_null<kernel::GroupsAttr>(x.getEncoding());
  if (layout.getInputMajor())
    return "a list of the inputs that are not zero is no loop nest";
  if (op.widensWeight())
    return "weights that are widened for several rows wait on the stack in blocks larger than a pipeline may have";
  const char *call = groups && groups.getOrder() == kernel::ByteOrder::Bytes ? kDotBytes : kDotWords;
  if (groups && !findInstruction(call, mayUse))
    return "no instruction of the target multiplies rows of such integers";
  bool isFloat = llvm::is_contained({&weight::f32Format, &weight::f16Format, &weight::bf16Format}, &format);
  if (!isFloat && format.codeBits != 4 && format.codeBits != 8)
    return "no pipeline reads weights of " + format.name.str();
  int64_t panels = llvm::divideCeilSigned(weight.getDimSize(0), op.getScheduleAttr().getPanel());
  if (panels * format.panelBytes(weight.getDimSize(1), op.getScheduleAttr().getPanel()) > kMostElements)
    return "it has more than 2^31 bytes of weights, and indices have 32 bits";

  gemm.kind = groups ? Gemm::Integers : x.getElementType().isBF16() ? Gemm::Pairs : Gemm::Floats;
  gemm.groups = groups ? describeGroups(groups) : Groups{};
  gemm.inputs = weight.getDimSize(1);
  gemm.outputs = weight.getDimSize(0);
  gemm.rowBytes = kernel::rowBytes(x);
  gemm.panel = op.getScheduleAttr().getPanel();
  gemm.tileRows = op.getScheduleAttr().getTileRows();
  gemm.tileColumns = op.getScheduleAttr().getTileColumns();
  gemm.mostRows = op.getScheduleAttr().getMostRows();
  gemm.prefetch = op.getScheduleAttr().getPrefetch();
  gemm.inputStep = format.inputStep;
  gemm.headBytes = format.headBytes;
  gemm.stepBytes = format.stepBytes;
  gemm.codeBits = format.codeBits;
  gemm.levelBytes = format.codeBits ? weight::groupScaleBytes(format) : 0;
  for (size_t i = 0; i < gemm.codeValues.size(); ++i)
    gemm.codeValues[i] = format.codeValues ? format.codeValues[i] : 0;
  gemm.rows = op.getRows().size();
  gemm.constants = op.getConstants().size();
  gemm.body = describeBody(op.getBody().front());
  return {};
}

static std::string describeScan(kernel::ScanOp op, Scan &scan) {
  scan.groups = op.getGroups();
  scan.channels = op.getChannels();
  scan.block = op.getScheduleAttr().getBlock();
  scan.units = op.getUnits();
  scan.rows = op.getRows().size();
  scan.constants = op.getConstants().size();
  scan.states = op.getStates().size();
  scan.body = describeBody(op.getBody().front());
  bool isGrouped = scan.groups > 1 || op.hasMatrixState();
  if (isGrouped && scan.groupSize() > kLargestGroup)
    return "its groups have more channels than the " + std::to_string(kLargestGroup) + " that one vector may have";
  if (op.hasMatrixState() && scan.states > 1)
    return "a matrix beside another state would be written while that is still read";
  return {};
}

static std::string describeGather(kernel::GatherOp op, Gather &gather) {
  auto type = cast<RankedTensorType>(op.getTable().getType());
  Type element = type.getElementType();
  if (auto layout = dyn_cast_or_null<weight::LayoutAttr>(type.getEncoding())) {
    const weight::Format *format = weight::findFormat(layout.getFormat());
    if (layout.getPanel() || !format || !format->elementType)
      return "one lane of a quantised table is no vector";
    element = format->elementType(op.getContext());
  }
  // Rows of activations are M: as many as a step has.
  if (!type.isDynamicDim(0) && type.getDimSize(0) * type.getDimSize(1) > kMostElements)
    return "its table has more than 2^31 elements, and indices have 32 bits";
  gather = {type.getDimSize(1), op.getScheduleAttr().getBlock(), element.getIntOrFloatBitWidth(), element.isBF16()};
  return {};
}

static std::string describeQuantize(kernel::QuantizeOp op, Quantize &quantize) {
  auto type = cast<RankedTensorType>(op.getType());
  kernel::GroupsAttr groups = op.getGroups();
  if (!groups && type.getDimSize(1) % 2)
    return "an odd number of channels leaves half a pair";
  quantize = {type.getDimSize(1), op.getScheduleAttr().getBlock(), kernel::rowBytes(type), !groups,
              groups ? describeGroups(groups) : Groups{}};
  return {};
}

std::string halide_backend::describe(kernel::KernelOpInterface op, const MayUse &mayUse, Kernel &kernel) {
  kernel.pointers = op->getNumOperands() + op->getNumResults() - op.getInitialStates().size();
  return TypeSwitch<Operation *, std::string>(op)
      .Case([&](kernel::GemmOp gemm) { return describeGemm(gemm, mayUse, kernel.what.emplace<Gemm>()); })
      .Case([&](kernel::ScanOp scan) { return describeScan(scan, kernel.what.emplace<Scan>()); })
      .Case([&](kernel::GatherOp gather) { return describeGather(gather, kernel.what.emplace<Gather>()); })
      .Case([&](kernel::QuantizeOp quantize) { return describeQuantize(quantize, kernel.what.emplace<Quantize>()); })
      .Default([](Operation *) { return "no pipeline is known for such a kernel"; });
}
