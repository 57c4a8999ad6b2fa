//===- KernelMemory.cpp - What kernels read and write when measured -------===//
//
// Packing a matrix of every size would take longer than measuring it: some of its rows are packed and repeated.
//
//===----------------------------------------------------------------------===//
#include "compiler/Tune/KernelMemory.h"
#include "dialects/Quant/Format.h"
#include "dialects/Quant/Pack.h"
#include "dialects/Quant/Weight.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <cstring>

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::tune;
using llvm::Error;
using llvm::Expected;

/// Outputs that are packed: whole panels of every width. What is stored input by input is packed whole.
static constexpr int64_t kPackedOutputs = 256;

/// The least share of a weight that counts as read: its copies must fit the memory.
static constexpr double kLeastRead = 1.0 / 32;

/// So many of `bytes` each that when the first one is read again, `coldBytes` were read since.
static uint64_t copiesOf(uint64_t bytes, uint64_t coldBytes) {
  return std::max<uint64_t>(1, llvm::divideCeil(coldBytes, bytes));
}

static uint64_t pagesOf(RankedTensorType type) { return llvm::alignTo(weight::packedBytes(type), 4096); }

/// Of a weight that a single row skips parts of, only the others count as read.
uint64_t KernelMemory::copiesOfWeight(RankedTensorType type) const {
  bool isSkipped = rows == 1 && cast<weight::LayoutAttr>(type.getEncoding()).getInputMajor();
  double read = isSkipped ? std::max(1 - zeros, kLeastRead) : 1;
  return copiesOf(uint64_t(double(pagesOf(type)) * read), coldBytes);
}

Expected<Pages> KernelMemory::makeRows(kernel::GemmOp gemm) {
  auto x = cast<RankedTensorType>(gemm.getX().getType());
  Expected<Pages> pages = Pages::map(rows * kernel::rowBytes(x));
  if (!pages)
    return pages;
  fillRows(pages->data(), x, rows);
  if (!x.getEncoding()) // nobody skips groups
    scatterZeros(pages->data(), rows * x.getDimSize(1), x.getElementTypeBitWidth() / 8, zeros);
  return pages;
}

/// Memory of `count` numbers.
Expected<uint8_t *> KernelMemory::add(int64_t count, bool isWritten) {
  // A kernel reads whole vectors.
  Expected<Pages> pages = Pages::map(llvm::alignTo(count, weight::kLanes) * 4);
  if (!pages)
    return pages.takeError();
  operands.push_back({std::move(*pages), isWritten ? uint64_t(count) * 4 : 0});
  return operands.back().pages.data();
}

/// What a kernel reads besides, in this order: rows of so many columns, and constants.
Error KernelMemory::addRead(size_t rowOperands, size_t constants, int64_t columns) {
  for (size_t i = 0; i < rowOperands + constants; ++i) {
    bool isRow = i < rowOperands;
    int64_t count = isRow ? rows * columns : columns;
    Expected<uint8_t *> memory = add(count, /*isWritten=*/false);
    if (!memory)
      return memory.takeError();
    fillFloats(*memory, count, isRow ? 100 + i : 200 + i - rowOperands);
  }
  return Error::success();
}

Error KernelMemory::makeOperands(kernel::GemmOp gemm) {
  int64_t outputs = cast<RankedTensorType>(gemm.getType()).getDimSize(1);
  if (Error error = addRead(gemm.getRows().size(), gemm.getConstants().size(), outputs))
    return error;
  return add(rows * outputs, /*isWritten=*/true).takeError();
}

Error KernelMemory::makeOperands(kernel::ScanOp scan) {
  if (Error error = addRead(scan.getRows().size(), scan.getConstants().size(), scan.getChannels()))
    return error;
  for (Value state : scan.getStates()) {
    uint64_t bytes = llvm::alignTo(4 * cast<RankedTensorType>(state.getType()).getNumElements(), 64);
    Expected<Pages> pages = Pages::map(bytes * copiesOf(bytes, coldBytes));
    if (!pages)
      return pages.takeError();
    states.push_back({std::move(*pages), bytes});
  }
  for (size_t i = 0; i < scan.getNumOutputs(); ++i)
    if (Error error = add(rows * scan.getChannels(), /*isWritten=*/true).takeError())
      return error;
  return Error::success();
}

Expected<Pages> KernelMemory::packWeights(RankedTensorType type) {
  int64_t outputs = type.getDimSize(0), inputs = type.getDimSize(1);
  bool isInputMajor = cast<weight::LayoutAttr>(type.getEncoding()).getInputMajor();
  int64_t packed = isInputMajor ? outputs : std::min(outputs, kPackedOutputs);
  std::vector<uint8_t> values(packed * inputs * 4);
  fillFloats(values.data(), packed * inputs, 7);
  TensorView view = TensorView::dense(reinterpret_cast<const std::byte *>(values.data()), DType::F32, {packed, inputs});
  auto part = RankedTensorType::get({packed, inputs}, type.getElementType(), type.getEncoding());

  std::vector<uint8_t> panels;
  TensorTable none;
  auto append = [&](ArrayRef<uint8_t> bytes) {
    panels.insert(panels.end(), bytes.begin(), bytes.end());
    return Error::success();
  };
  if (Error error = weight::packTensor({"weight", view, nullptr, none, part}, nullptr, append))
    return std::move(error);

  uint64_t whole = weight::packedBytes(type), stride = pagesOf(type), count = copiesOfWeight(type);
  Expected<Pages> pages = Pages::map(stride * count);
  if (!pages)
    return pages;
  for (uint64_t copy = 0; copy < count; ++copy)
    for (uint64_t at = 0; at < whole; at += panels.size())
      memcpy(pages->data() + copy * stride + at, panels.data(), std::min<uint64_t>(panels.size(), whole - at));
  return pages;
}

Expected<std::vector<void *>> KernelMemory::argumentsOfGemm(kernel::GemmOp gemm, uint64_t copy) {
  // Of each kind, whoever needs it first makes it.
  auto find = [](std::map<std::string, Pages> &known, Attribute key, auto make) -> Expected<uint8_t *> {
    std::string text;
    llvm::raw_string_ostream(text) << key;
    auto found = known.find(text);
    if (found != known.end())
      return found->second.data();
    Expected<Pages> pages = make();
    if (!pages)
      return pages.takeError();
    return known.emplace(text, std::move(*pages)).first->second.data();
  };
  auto type = cast<RankedTensorType>(gemm.getWeight().getType());
  Expected<uint8_t *> x = find(inputs, TypeAttr::get(gemm.getX().getType()), [&] { return makeRows(gemm); });
  if (!x)
    return x.takeError();
  Expected<uint8_t *> weight = find(weights, type.getEncoding(), [&] { return packWeights(type); });
  if (!weight)
    return weight.takeError();
  std::vector<void *> pointers = {*x, *weight + copy % copiesOfWeight(type) * pagesOf(type)};
  for (const Operand &operand : operands)
    pointers.push_back(operand.pages.data());
  return pointers;
}

Expected<std::vector<void *>> KernelMemory::argumentsOfScan(kernel::ScanOp scan, uint64_t copy) {
  std::vector<void *> pointers;
  size_t read = scan.getRows().size() + scan.getConstants().size();
  for (size_t i = 0; i < read; ++i)
    pointers.push_back(operands[i].pages.data());
  for (const Operand &state : states)
    pointers.push_back(state.pages.data() + copy % copiesOf(state.writtenBytes, coldBytes) * state.writtenBytes);
  for (size_t i = read; i < operands.size(); ++i)
    pointers.push_back(operands[i].pages.data());
  return pointers;
}

Expected<std::vector<void *>> KernelMemory::argumentsOf(kernel::KernelOpInterface op, uint64_t copy) {
  auto gemm = dyn_cast<kernel::GemmOp>(op.getOperation());
  auto scan = dyn_cast<kernel::ScanOp>(op.getOperation());
  if (!gemm && !scan)
    return llvm::createStringError("only gemms and scans can be measured");
  if (operands.empty())
    if (Error error = gemm ? makeOperands(gemm) : makeOperands(scan))
      return std::move(error);
  return gemm ? argumentsOfGemm(gemm, copy) : argumentsOfScan(scan, copy);
}

std::vector<uint8_t> KernelMemory::output() const {
  std::vector<uint8_t> all;
  for (const std::vector<Operand> *list : {&operands, &states})
    for (const Operand &operand : *list)
      all.insert(all.end(), operand.pages.data(), operand.pages.data() + operand.writtenBytes);
  return all;
}

void KernelMemory::clearOutput() {
  for (const Operand &operand : operands)
    memset(operand.pages.data(), 0xff, operand.writtenBytes);
  // What is read before it is written.
  for (const Operand &state : states)
    memset(state.pages.data(), 0, state.writtenBytes);
}
