//===- KeptFormat.h - What becomes of quantised tensors ----------*- C++ -*-===//
#ifndef DIALECTS_QUANT_KEPTFORMAT_H
#define DIALECTS_QUANT_KEPTFORMAT_H

#include "dialects/Quant/TensorView.h"

namespace rwkvc::weight {

/// The format in which `--weights=stored` keeps a matrix, or a table of which a token reads one row, that is quantised
/// in the checkpoint: one that holds it with every bit, else one that adds little to what quantising has cost.
llvm::StringRef keptFormat(const TensorView &view, bool isTable);

/// Whether `format` holds every value of the matrix.
bool holdsExactly(llvm::StringRef format, const TensorView &view);

} // namespace rwkvc::weight

#endif // DIALECTS_QUANT_KEPTFORMAT_H
