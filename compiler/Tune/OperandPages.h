//===- OperandPages.h - Memory of operands, and what is in it ----*- C++ -*-===//
#ifndef COMPILER_TUNE_OPERANDPAGES_H
#define COMPILER_TUNE_OPERANDPAGES_H

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/Support/Error.h"
#include <cstdint>

namespace rwkvc::tune {

/// Zeroed memory in huge pages, as a module's weights are where the system has them.
class Pages {
public:
  static llvm::Expected<Pages> map(uint64_t bytes);
  Pages(Pages &&other);
  ~Pages();

  uint8_t *data() const { return memory; }
  uint64_t size() const { return bytes; }

private:
  Pages(uint8_t *memory, uint64_t bytes) : memory(memory), bytes(bytes) {}

  uint8_t *memory;
  uint64_t bytes;
};

/// `count` numbers in [-1, 1), the same in every run.
void fillFloats(uint8_t *memory, int64_t count, uint64_t seed);

/// Random rows of `type`, as dialects/Kernel/Quantize.td describes them.
void fillRows(uint8_t *memory, mlir::RankedTensorType type, int64_t rows);

/// Makes `share` of `count` numbers of `bytes` zero; which ones is random and the same in every run.
void scatterZeros(uint8_t *memory, int64_t count, int64_t bytes, double share);

} // namespace rwkvc::tune

#endif // COMPILER_TUNE_OPERANDPAGES_H
