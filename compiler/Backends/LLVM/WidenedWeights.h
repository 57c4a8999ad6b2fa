//===- WidenedWeights.h - Weights made ready for many rows -------*- C++ -*-===//
//
// Many rows share the work of turning a block of weights into what the arithmetic takes: it goes to the stack, where
// register tiles read it as a panel of an ordinary format.
//
//===----------------------------------------------------------------------===//
#ifndef COMPILER_BACKENDS_LLVM_WIDENEDWEIGHTS_H
#define COMPILER_BACKENDS_LLVM_WIDENEDWEIGHTS_H

#include "compiler/Backends/LLVM/Emitter.h"
#include "dialects/Kernel/Kernel.h"

namespace rwkvc::llvm_backend {

class WidenedWeights {
public:
  WidenedWeights(const weight::Format &format, int64_t columns, bool isCopied = true)
      : format(format), columns(columns), isCopied(isCopied) {}
  virtual ~WidenedWeights() = default;

  /// Writes the weights of `inputs` inputs, whole steps of `format`, as a panel without a head, and returns where they
  /// are: in `panel`, or where they were if they are as they shall be. Weights that lie far apart are prefetched `ahead`
  /// inputs before.
  virtual mlir::Value widen(mlir::Value unit, mlir::Value firstInput, mlir::Value inputs, mlir::Value panel,
                     int64_t ahead) = 0;

  /// Writes a unit's results in one row, made of its `sums`.
  virtual void finish(mlir::Value row, mlir::Value unit, mlir::ArrayRef<mlir::Value> sums) = 0;

  const weight::Format &format; // of what is widened
  int64_t columns;              // outputs of a unit
  bool isCopied;                // into the panel that widen() is given
};

/// Emits all rows times all weights of the frame's units.
void emitWidenedGemm(kernel::GemmOp op, Emitter &emitter, const KernelFrame &frame, WidenedWeights &weights);

} // namespace rwkvc::llvm_backend

#endif // COMPILER_BACKENDS_LLVM_WIDENEDWEIGHTS_H
