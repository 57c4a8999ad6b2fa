//===- Evaluate.h - Bodies as Halide's expressions ---------------*- C++ -*-===//
#ifndef COMPILER_BACKENDS_HALIDE_PROGRAM_EVALUATE_H
#define COMPILER_BACKENDS_HALIDE_PROGRAM_EVALUATE_H

#include "compiler/Backends/Halide/Kernels.h"
#include "compiler/Backends/Halide/Program/Elementwise.h"

namespace rwkvc::halide_backend {

/// f32 lanes of every vector, as of the formats of weights.
inline constexpr int64_t kLanes = 16;

/// All values of a body of scalars, whose arguments are `values`.
inline std::vector<Halide::Expr> evaluate(const Body &body, std::vector<Halide::Expr> values) {
  for (const Instruction &instruction : body.instructions) {
    std::vector<Halide::Expr> operands;
    for (unsigned operand : instruction.operands)
      operands.push_back(values[operand]);
    values.push_back(instruction.kind == Instruction::Constant ? Halide::Expr(instruction.value)
                                                               : floatOp(instruction.op, operands));
  }
  return values;
}

} // namespace rwkvc::halide_backend

#endif // COMPILER_BACKENDS_HALIDE_PROGRAM_EVALUATE_H
