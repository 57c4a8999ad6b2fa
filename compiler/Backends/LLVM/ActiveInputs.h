//===- ActiveInputs.h - The inputs of a row that are not zero ----*- C++ -*-===//
#ifndef COMPILER_BACKENDS_LLVM_ACTIVEINPUTS_H
#define COMPILER_BACKENDS_LLVM_ACTIVEINPUTS_H

#include "compiler/Backends/LLVM/Emitter.h"

namespace rwkvc::llvm_backend {

/// Inputs whose weights are added in one pass over the sums. They are fetched side by side: a core's prefetcher, which
/// would fetch beyond the end of a single piece, gains nothing on four.
inline constexpr int64_t kActiveGroup = 4;

/// Groups between a prefetch and its use: memory takes longer than one.
inline constexpr int64_t kGroupsAhead = 2;

/// Lists on the stack of a kernel's function, in ascending order of the inputs, filled up with zeros to whole groups.
class ActiveInputs {
public:
  /// Takes the stack's memory: to be emitted where a function begins.
  ActiveInputs(Emitter &emitter, int64_t inputs);

  /// Emits the search of a row of f32. If `all`, zeros are active, too.
  void emitFind(Emitter &emitter, mlir::Value row, bool all) const;

  /// The number of groups.
  mlir::Value emitGroups(Emitter &emitter) const;

  /// The value of a group's `i`-th input, and which input it is. There are kGroupsAhead groups more than emitGroups
  /// says, so that there is always something to prefetch.
  mlir::Value emitValue(Emitter &emitter, mlir::Value group, int64_t i) const;
  mlir::Value emitInput(Emitter &emitter, mlir::Value group, int64_t i) const;

private:
  int64_t inputs;
  mlir::Value count, values, indices;
};

} // namespace rwkvc::llvm_backend

#endif // COMPILER_BACKENDS_LLVM_ACTIVEINPUTS_H
