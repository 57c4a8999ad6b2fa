//===- InputMajorGemm.h - A gemm whose weight is input-major -----*- C++ -*-===//
//
// What its two ways share: one row skips inputs that are zero, many rows widen a block of weights once.
//
//===----------------------------------------------------------------------===//
#ifndef COMPILER_BACKENDS_LLVM_INPUTMAJORGEMM_H
#define COMPILER_BACKENDS_LLVM_INPUTMAJORGEMM_H

#include "compiler/Backends/LLVM/Emitter.h"
#include "dialects/Kernel/Kernel.h"

namespace rwkvc::llvm_backend {

/// Vectors of a block of outputs, which is a unit of work.
inline constexpr int64_t kBlockVectors = weight::kInputBlock / weight::kLanes;

class InputMajorGemm {
public:
  InputMajorGemm(kernel::GemmOp op, Emitter &emitter, const KernelFrame &frame);

  /// Of one row or more: its address.
  mlir::Value row(mlir::Value index);

  /// An input's piece of the weight, with the codes of all outputs; and its levels.
  mlir::Value piece(mlir::Value input);
  mlir::Value levels(mlir::Value piece) { return emitter.at(piece, layout.levelsOffset(outputs)); }

  /// kBlockVectors vectors of a unit's codes.
  llvm::SmallVector<mlir::Value> codes(mlir::Value piece, mlir::Value unit);

  /// Writes a unit's results in one row, made of its `sums`.
  void finish(mlir::Value row, mlir::Value unit, mlir::ArrayRef<mlir::Value> sums);

  kernel::GemmOp op;
  Emitter &emitter;
  const KernelFrame &frame;
  const weight::InputMajor &layout;
  int64_t outputs, inputs;

private:
  void finishBlock(mlir::Value row, mlir::Value unit, int64_t valid, mlir::ArrayRef<mlir::Value> sums);
};

/// The step's only row, reading the weights of its active inputs.
void emitActiveSums(InputMajorGemm &gemm);

} // namespace rwkvc::llvm_backend

#endif // COMPILER_BACKENDS_LLVM_INPUTMAJORGEMM_H
