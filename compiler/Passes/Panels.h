//===- Panels.h - How wide panels of a weight may be -------------*- C++ -*-===//
#ifndef COMPILER_PASSES_PANELS_H
#define COMPILER_PASSES_PANELS_H

#include "dialects/Quant/Format.h"
#include "llvm/Support/MathExtras.h"

namespace rwkvc::passes {

/// Whether panels of so many outputs pad a weight by a sixteenth at most, beyond whole vectors.
inline bool padsLittle(int64_t outputs, int64_t panel) {
  auto least = static_cast<int64_t>(llvm::alignTo(outputs, weight::kLanes));
  return static_cast<int64_t>(llvm::alignTo(outputs, panel)) <= least + least / 16;
}

} // namespace rwkvc::passes

#endif // COMPILER_PASSES_PANELS_H
