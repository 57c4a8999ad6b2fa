//===- Scan.cpp - kernel.scan ---------------------------------------------===//
#include "dialects/Kernel/Kernel.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace rwkvc::kernel;

int64_t ScanOp::getChannels() { return cast<RankedTensorType>(getRows().front().getType()).getDimSize(1); }

/// What the body sees of `type`, an operand or a result of a scan over groups of `size`.
static RankedTensorType groupType(Type type, int64_t size) {
  auto tensor = cast<RankedTensorType>(type);
  SmallVector<int64_t, 2> shape(tensor.getRank() == 3 ? 2 : 1, size);
  return RankedTensorType::get(shape, Float32Type::get(type.getContext()));
}

static LogicalResult verifyShapes(ScanOp op) {
  // C1
  if (op.getRows().empty())
    return op.emitOpError("needs at least one row operand");
  int64_t channels = op.getChannels(), groups = op.getGroups();
  if (groups < 1 || channels % groups)
    return op.emitOpError() << groups << " groups do not divide " << channels << " channels";
  for (Value row : op.getRows())
    if (int64_t has = cast<RankedTensorType>(row.getType()).getDimSize(1); has != channels)
      return op.emitOpError() << "a row operand has " << has << " channels, but the first has " << channels;
  for (Value constant : op.getConstants())
    if (int64_t has = cast<RankedTensorType>(constant.getType()).getDimSize(0); has != channels)
      return op.emitOpError() << "a constant has " << has << " channels, but the rows have " << channels;

  // C2
  int64_t size = channels / groups;
  for (Value state : op.getStates()) {
    ArrayRef<int64_t> shape = cast<RankedTensorType>(state.getType()).getShape();
    if (shape != ArrayRef<int64_t>{channels} && shape != ArrayRef<int64_t>{groups, size, size})
      return op.emitOpError() << "a state must be [" << channels << "] or [" << groups << ", " << size << ", " << size
                              << "], got " << state.getType();
  }
  return success();
}

LogicalResult ScanOp::verify() {
  if (failed(verifyShapes(*this)))
    return failure();
  int64_t channels = getChannels(), size = getGroupSize();

  // C3
  Block &body = getBody().front();
  if (body.getNumArguments() != getNumOperands())
    return emitOpError() << "the body takes " << body.getNumArguments() << " values, but there are " << getNumOperands()
                         << " operands";
  for (auto [operand, argument] : llvm::zip_equal(getOperands(), body.getArguments()))
    if (argument.getType() != groupType(operand.getType(), size))
      return emitOpError() << "the body takes " << argument.getType() << " where it must take "
                           << groupType(operand.getType(), size);

  // C4
  Operation *yield = body.getTerminator();
  if (yield->getNumOperands() != getNumResults() || getNumResults() < getStates().size())
    return emitOpError() << "the body yields " << yield->getNumOperands() << " values for " << getNumResults()
                         << " results and " << getStates().size() << " states";
  for (auto [result, yielded] : llvm::zip_equal(getResults(), yield->getOperands()))
    if (yielded.getType() != groupType(result.getType(), size))
      return emitOpError() << "the body yields " << yielded.getType() << " where it must yield "
                           << groupType(result.getType(), size);

  // C5
  for (Value output : getResults().take_front(getNumOutputs())) {
    auto type = cast<RankedTensorType>(output.getType());
    if (type.getRank() != 2 || type.getDimSize(1) != channels)
      return emitOpError() << "an output must be rows of " << channels << " channels, got " << type;
  }
  for (auto [state, next] : llvm::zip_equal(getStates(), getResults().take_back(getStates().size())))
    if (state.getType() != next.getType())
      return emitOpError() << "a state of " << state.getType() << " ends as " << next.getType();
  return success();
}

bool ScanOp::hasMatrixState() {
  return llvm::any_of(getStates().getTypes(), [](Type type) { return cast<RankedTensorType>(type).getRank() == 3; });
}

bool ScanOp::isElementwise() { return !hasMatrixState() && getBody().front().getOps<ReduceOp>().empty(); }

int64_t ScanOp::getUnits() {
  return llvm::divideCeilSigned(getChannels(), getUnitColumns());
}

int64_t ScanOp::getUnitColumns() {
  // A matrix is never cut, not even that of a model with one head: a step needs all of it.
  return getGroups() > 1 || hasMatrixState() ? getGroupSize() : getScheduleAttr().getBlock();
}

int64_t ScanOp::getUnitCost() {
  int64_t elements = 0;
  for (Value value : llvm::concat<Value>(getOperands(), getResults()))
    for (int64_t size : cast<RankedTensorType>(value.getType()).getShape())
      elements += ShapedType::isDynamic(size) ? 0 : size;
  // A state is [G, N, N]; rows and constants count by their channels.
  for (Value state : getStates())
    elements += cast<RankedTensorType>(state.getType()).getNumElements();
  return std::max<int64_t>(1, 4 * elements / getUnits());
}

Value ScanOp::getRowSource() { return getRows().front(); }
