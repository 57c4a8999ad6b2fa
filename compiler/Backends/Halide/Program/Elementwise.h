//===- Elementwise.h - Arithmetic that Halide carries as it is ---*- C++ -*-===//
//
// Halide's simplifier takes floats for real numbers: it would turn (x + c) - c into x. So arithmetic is calls of
// functions that it knows nothing of, by the names of MLIR's ops. It makes vectors of them as of any pure function, and
// they come out as those ops. Names that begin with rwkv. are conversions and instructions.
//
//===----------------------------------------------------------------------===//
#ifndef COMPILER_BACKENDS_HALIDE_PROGRAM_ELEMENTWISE_H
#define COMPILER_BACKENDS_HALIDE_PROGRAM_ELEMENTWISE_H

#include "compiler/Backends/Halide/Instructions.h"
#include <Halide.h>

namespace rwkvc::halide_backend {

inline Halide::Expr call(Halide::Type type, const std::string &name, std::vector<Halide::Expr> arguments) {
  return Halide::Internal::Call::make(type, name, std::move(arguments), Halide::Internal::Call::PureExtern);
}

/// One of MLIR's ops on f32.
inline Halide::Expr floatOp(const std::string &name, std::vector<Halide::Expr> arguments) {
  return call(Halide::Float(32), name, std::move(arguments));
}

inline Halide::Expr fused(Halide::Expr a, Halide::Expr b, Halide::Expr sum) {
  return floatOp("math.fma", {std::move(a), std::move(b), std::move(sum)});
}
inline Halide::Expr product(Halide::Expr a, Halide::Expr b) {
  return floatOp("arith.mulf", {std::move(a), std::move(b)});
}

/// A half-precision number, which Halide has as 16 bits.
inline constexpr char kWidenHalf[] = "rwkv.widen_half";

/// The bits of a bf16: to the nearest, ties to even.
inline constexpr char kRoundToBFloat[] = "rwkv.round_to_bfloat";

/// The nearest integer, ties to even, as 32 bits.
inline constexpr char kRoundToInteger[] = "rwkv.round_to_integer";

/// Signed 32 bits as f32.
inline constexpr char kIntegerToFloat[] = "rwkv.integer_to_float";

} // namespace rwkvc::halide_backend

#endif // COMPILER_BACKENDS_HALIDE_PROGRAM_ELEMENTWISE_H
