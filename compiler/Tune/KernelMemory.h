//===- KernelMemory.h - What kernels read and write when measured *- C++ -*-===//
#ifndef COMPILER_TUNE_KERNELMEMORY_H
#define COMPILER_TUNE_KERNELMEMORY_H

#include "dialects/Kernel/Kernel.h"
#include "llvm/Support/Error.h"
#include <map>
#include <memory>
#include <vector>

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

/// The operands and the output of the candidates of one task: random, the same for all of them and in every run. Rows are
/// of each type that occurs. Weights are those of one matrix, packed in each layout that occurs, and copied until no cache
/// holds them all.
class KernelMemory {
public:
  /// `zeros` is their share of the rows' numbers, but for quantised ones, which nobody skips.
  KernelMemory(int64_t rows, double zeros, uint64_t coldBytes) : rows(rows), zeros(zeros), coldBytes(coldBytes) {}

  /// Pointers as the code of `gemm` takes them, to copy number `copy` of its weight.
  llvm::Expected<std::vector<void *>> argumentsOf(kernel::GemmOp gemm, uint64_t copy);

  /// What the last call wrote.
  llvm::ArrayRef<uint8_t> output() const { return {operands.back().data(), outputBytes}; }
  void clearOutput();

private:
  llvm::Expected<Pages> makeRows(kernel::GemmOp gemm);
  llvm::Error makeOperands(kernel::GemmOp gemm);
  llvm::Expected<Pages> packWeights(mlir::RankedTensorType type);

  int64_t rows;
  double zeros;
  uint64_t coldBytes, outputBytes = 0;
  std::vector<Pages> operands; // other rows than the product's, constants, output
  std::map<std::string, Pages> inputs, weights; // by type and layout
};

} // namespace rwkvc::tune

#endif // COMPILER_TUNE_KERNELMEMORY_H
