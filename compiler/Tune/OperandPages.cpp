//===- OperandPages.cpp - Memory of operands, and what is in it -----------===//
#include "compiler/Tune/OperandPages.h"
#include "dialects/Kernel/Kernel.h"
#include "llvm/Support/MathExtras.h"
#include <cstring>
#include <sys/mman.h>
#include <utility>

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::tune;
using llvm::Expected;

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

void tune::fillFloats(uint8_t *memory, int64_t count, uint64_t seed) {
  Numbers numbers(seed);
  for (int64_t i = 0; i < count; ++i) {
    float value = numbers.next();
    memcpy(memory + 4 * i, &value, 4);
  }
}

void tune::fillRows(uint8_t *memory, RankedTensorType type, int64_t rows) {
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

void tune::scatterZeros(uint8_t *memory, int64_t count, int64_t bytes, double share) {
  Numbers numbers(2);
  for (int64_t i = 0; i < count; ++i)
    if (numbers.next() < 2 * share - 1)
      memset(memory + i * bytes, 0, bytes);
}
