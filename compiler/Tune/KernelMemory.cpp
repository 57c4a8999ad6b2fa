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
#include <sys/mman.h>
#include <utility>

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::tune;
using llvm::Error;
using llvm::Expected;

/// Outputs that are packed: whole panels of every width. What is stored input by input is packed whole.
static constexpr int64_t kPackedOutputs = 256;

Expected<Pages> Pages::map(uint64_t bytes) {
  bytes = llvm::alignTo(std::max<uint64_t>(bytes, 1), 2 << 20);
  void *memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    return llvm::createStringError("there is no memory for " + llvm::Twine(bytes >> 20) + " MiB of operands");
  madvise(memory, bytes, MADV_HUGEPAGE);
  return Pages(static_cast<uint8_t *>(memory), bytes);
}

Pages::Pages(Pages &&other) : memory(std::exchange(other.memory, nullptr)), bytes(other.bytes) {}

Pages::~Pages() {
  if (memory)
    munmap(memory, bytes);
}

namespace {

/// Numbers in [-1, 1), the same in every run.
class Numbers {
public:
  explicit Numbers(uint64_t seed) : state(seed) {}
  float next() {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return static_cast<float>(static_cast<int32_t>(state >> 32)) * 0x1p-31f;
  }

private:
  uint64_t state;
};

} // namespace

static void fillFloats(uint8_t *memory, int64_t count, uint64_t seed) {
  Numbers numbers(seed);
  for (int64_t i = 0; i < count; ++i) {
    float value = numbers.next();
    memcpy(memory + 4 * i, &value, 4);
  }
}

/// Rows as dialects/Kernel/Quantize.td describes them.
static void fillRows(uint8_t *memory, RankedTensorType type, int64_t rows) {
  int64_t channels = type.getDimSize(1), rowBytes = kernel::rowBytes(type);
  auto groups = dyn_cast_or_null<kernel::GroupsAttr>(type.getEncoding());
  Numbers numbers(1);
  for (int64_t row = 0; row < rows; ++row, memory += rowBytes) {
    if (type.getElementType().isF32()) {
      fillFloats(memory, channels, row);
      continue;
    }
    if (!groups) { // bf16: the upper half of an f32
      for (int64_t i = 0; i < channels; ++i) {
        float value = numbers.next();
        memcpy(memory + 2 * i, reinterpret_cast<uint8_t *>(&value) + 2, 2);
      }
      continue;
    }
    for (int64_t first = 0, at = 0; first < channels; first += groups.getSize(), at += groups.getGroupBytes()) {
      for (int64_t i = 0; i < groups.getIntegerBytes(); ++i)
        memory[at + i] = static_cast<uint8_t>(static_cast<int8_t>(127 * numbers.next()));
      float scale = 0.01f;
      auto sum = static_cast<int32_t>(-128 * 127 * numbers.next());
      memcpy(memory + at + groups.getIntegerBytes(), &scale, 4);
      memcpy(memory + at + groups.getIntegerBytes() + 4, &sum, 4);
    }
  }
}

/// Makes `share` of `count` numbers of `bytes` zero, which ones is random and the same in every run.
static void scatterZeros(uint8_t *memory, int64_t count, int64_t bytes, double share) {
  Numbers numbers(2);
  for (int64_t i = 0; i < count; ++i)
    if (numbers.next() < 2 * share - 1)
      memset(memory + i * bytes, 0, bytes);
}

static uint64_t pagesOf(RankedTensorType type) { return llvm::alignTo(weight::packedBytes(type), 4096); }

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

Error KernelMemory::makeOperands(kernel::GemmOp gemm) {
  auto add = [&](uint64_t bytes) -> Expected<uint8_t *> {
    Expected<Pages> pages = Pages::map(bytes);
    if (!pages)
      return pages.takeError();
    operands.push_back(std::move(*pages));
    return operands.back().data();
  };
  int64_t outputs = cast<RankedTensorType>(gemm.getType()).getDimSize(1);
  for (size_t i = 0; i < gemm.getRows().size(); ++i) {
    Expected<uint8_t *> memory = add(rows * outputs * 4);
    if (!memory)
      return memory.takeError();
    fillFloats(*memory, rows * outputs, 100 + i);
  }
  // A kernel reads whole vectors of them.
  for (size_t i = 0; i < gemm.getConstants().size(); ++i) {
    Expected<uint8_t *> memory = add(llvm::alignTo(outputs, weight::kLanes) * 4);
    if (!memory)
      return memory.takeError();
    fillFloats(*memory, outputs, 200 + i);
  }
  outputBytes = rows * outputs * 4;
  return add(outputBytes).takeError();
}

/// So many that when the first one is read again, `coldBytes` were read since.
static uint64_t copiesOf(RankedTensorType type, uint64_t coldBytes) {
  return std::max<uint64_t>(1, llvm::divideCeil(coldBytes, pagesOf(type)));
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

  uint64_t whole = weight::packedBytes(type), stride = pagesOf(type), count = copiesOf(type, coldBytes);
  Expected<Pages> pages = Pages::map(stride * count);
  if (!pages)
    return pages;
  for (uint64_t copy = 0; copy < count; ++copy)
    for (uint64_t at = 0; at < whole; at += panels.size())
      memcpy(pages->data() + copy * stride + at, panels.data(), std::min<uint64_t>(panels.size(), whole - at));
  return pages;
}

Expected<std::vector<void *>> KernelMemory::argumentsOf(kernel::GemmOp gemm, uint64_t copy) {
  if (operands.empty())
    if (Error error = makeOperands(gemm))
      return std::move(error);
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
  std::vector<void *> pointers = {*x, *weight + copy % copiesOf(type, coldBytes) * pagesOf(type)};
  for (const Pages &pages : operands)
    pointers.push_back(pages.data());
  return pointers;
}

void KernelMemory::clearOutput() { memset(operands.back().data(), 0xff, outputBytes); }
