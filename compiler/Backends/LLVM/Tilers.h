//===- Tilers.h - From a kernel to loops over vectors ------------*- C++ -*-===//
//
// One function a kind of kernel; each emits the whole loop nest at the emitter's place.
//
//===----------------------------------------------------------------------===//
#ifndef COMPILER_BACKENDS_LLVM_TILERS_H
#define COMPILER_BACKENDS_LLVM_TILERS_H

#include "compiler/Backends/LLVM/Emitter.h"
#include "dialects/Kernel/Kernel.h"

namespace rwkvc::llvm_backend {

/// Register tiles of rows by outputs over packed panels.
void tileGemm(kernel::GemmOp op, Emitter &emitter, const KernelFrame &frame);

/// The same if its weight is input-major.
void tileInputMajor(kernel::GemmOp op, Emitter &emitter, const KernelFrame &frame);

/// The same if many rows share the work of widening it, or take some inputs at a time.
void tileWidened(kernel::GemmOp op, Emitter &emitter, const KernelFrame &frame);

/// The schedule's `tile_inputs` parts the inputs of this gemm, which tileWidened then multiplies.
bool splitsInputs(kernel::GemmOp op);

/// Channels rounded to bf16.
void tileRound(kernel::QuantizeOp op, Emitter &emitter, const KernelFrame &frame);

/// Groups of channels as integers with a scale; or tileRound.
void tileQuantize(kernel::QuantizeOp op, Emitter &emitter, const KernelFrame &frame);

/// Rows of a table, a vector of channels at a time.
void tileGather(kernel::GatherOp op, Emitter &emitter, const KernelFrame &frame);

/// A scan whose groups fit into registers; the rows of a matrix state are visited once. Fails with a diagnostic if
/// the body needs them twice.
mlir::LogicalResult tileGroups(kernel::ScanOp op, Emitter &emitter, const KernelFrame &frame);

/// A scan over the whole row: one loop over its channels for each reduction, and one that makes the outputs.
void tileChannels(kernel::ScanOp op, Emitter &emitter, const KernelFrame &frame);

} // namespace rwkvc::llvm_backend

#endif // COMPILER_BACKENDS_LLVM_TILERS_H
