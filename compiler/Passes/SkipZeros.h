//===- SkipZeros.h - Weights that need not be read ---------------*- C++ -*-===//
#ifndef COMPILER_PASSES_SKIPZEROS_H
#define COMPILER_PASSES_SKIPZEROS_H

#include "dialects/Kernel/Kernel.h"
#include "dialects/Quant/Format.h"

namespace rwkvc::passes {

/// Whether so many zeros are expected that by the format's break-even they are worth skipping.
bool skippingPays(kernel::GemmOp gemm);

/// What rows are multiplied with a weight of `format` that is stored input by input, if they would be `rows` otherwise: not
/// quantised, and pairs of bf16 only with pieces of such.
mlir::RankedTensorType rowsForInputs(mlir::RankedTensorType rows, const weight::Format &format);

/// Gives `gemm` a schedule that skips zeros, and the rows that it takes then.
void skipZeros(kernel::GemmOp gemm, kernel::ScheduleAttr schedule);

} // namespace rwkvc::passes

#endif // COMPILER_PASSES_SKIPZEROS_H
