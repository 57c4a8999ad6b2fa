//===- KernelMemory.h - What kernels read and write when measured *- C++ -*-===//
#ifndef COMPILER_TUNE_KERNELMEMORY_H
#define COMPILER_TUNE_KERNELMEMORY_H

#include "compiler/Tune/OperandPages.h"
#include "dialects/Kernel/Kernel.h"
#include <map>
#include <string>
#include <vector>

namespace rwkvc::tune {

/// The operands and the output of the candidates of one task: random, the same for all of them and in every run. Rows are
/// of each type that occurs. Weights are those of one matrix, packed in each layout that occurs. They, and the states of a
/// scan, are copied until no cache holds them all.
class KernelMemory {
public:
  /// `zeros` is their share of the rows' numbers, but for quantised ones, which nobody skips.
  KernelMemory(int64_t rows, double zeros, uint64_t coldBytes) : rows(rows), zeros(zeros), coldBytes(coldBytes) {}

  /// Pointers as the code of `op`, a gemm or a scan, takes them, to copy number `copy` of its weight or states.
  llvm::Expected<std::vector<void *>> argumentsOf(kernel::KernelOpInterface op, uint64_t copy);

  /// What a call with copy 0 wrote since `clearOutput`.
  std::vector<uint8_t> output() const;
  void clearOutput();

private:
  struct Operand {
    Pages pages;
    uint64_t writtenBytes; // of the first copy; 0 for what is only read
  };

  llvm::Expected<std::vector<void *>> argumentsOfGemm(kernel::GemmOp gemm, uint64_t copy);
  llvm::Expected<std::vector<void *>> argumentsOfScan(kernel::ScanOp scan, uint64_t copy);
  llvm::Expected<Pages> makeRows(kernel::GemmOp gemm);
  llvm::Error makeOperands(kernel::GemmOp gemm);
  llvm::Error makeOperands(kernel::ScanOp scan);
  llvm::Error addRead(size_t rowOperands, size_t constants, int64_t columns);
  llvm::Expected<uint8_t *> add(int64_t count, bool isWritten);
  llvm::Expected<Pages> packWeights(mlir::RankedTensorType type);
  uint64_t copiesOfWeight(mlir::RankedTensorType type) const;

  int64_t rows;
  double zeros;
  uint64_t coldBytes;
  std::vector<Operand> operands; // of a gemm, without the rows of the product and the weight; of a scan, without states
  std::vector<Operand> states;   // of a scan
  std::map<std::string, Pages> inputs, weights; // of a gemm, by type and layout
};

} // namespace rwkvc::tune

#endif // COMPILER_TUNE_KERNELMEMORY_H
