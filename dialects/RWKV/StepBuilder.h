//===- StepBuilder.h - The arithmetic of one row ----------------*- C++ -*-===//
//
// The few shapes of computation that RWKV steps are made of, in the kernel body language,
// so that an emitStep() reads like the formula in its op's description.
//
//===----------------------------------------------------------------------===//
#ifndef DIALECTS_RWKV_STEPBUILDER_H
#define DIALECTS_RWKV_STEPBUILDER_H

#include "mlir/IR/Builders.h"

namespace rwkvc::rwkv {

class StepBuilder {
public:
  StepBuilder(mlir::OpBuilder &builder, mlir::Location loc) : builder(builder), loc(loc) {}

  // Element by element; both sides have the same type.
  mlir::Value add(mlir::Value x, mlir::Value y);
  mlir::Value sub(mlir::Value x, mlir::Value y);
  mlir::Value mul(mlir::Value x, mlir::Value y);
  mlir::Value div(mlir::Value x, mlir::Value y);
  mlir::Value max(mlir::Value x, mlir::Value y);
  mlir::Value neg(mlir::Value x);
  mlir::Value exp(mlir::Value x);
  mlir::Value tanh(mlir::Value x);
  mlir::Value sqrt(mlir::Value x);

  /// x * y + z with one rounding.
  mlir::Value fma(mlir::Value x, mlir::Value y, mlir::Value z);

  /// `value` everywhere, in the type of `like`.
  mlir::Value constant(double value, mlir::Value like);

  /// 1 / (1 + e^-x).
  mlir::Value sigmoid(mlir::Value x);

  /// The sum of a vector's elements, an f32.
  mlir::Value sum(mlir::Value vector);

  /// vector * scalar.
  mlir::Value scale(mlir::Value vector, mlir::Value scalar);

  /// vector - scalar.
  mlir::Value minus(mlir::Value vector, mlir::Value scalar);

  /// (x - mean(x)) / sqrt(var(x) + eps) * weight + bias, over the whole of x.
  mlir::Value normalize(mlir::Value x, mlir::Value weight, mlir::Value bias, double eps);

  /// out[i, j] = column[i].
  mlir::Value alongColumns(mlir::Value column);

  /// out[i, j] = row[j].
  mlir::Value alongRows(mlir::Value row);

  /// out[i, j] = column[i] * row[j].
  mlir::Value outer(mlir::Value column, mlir::Value row);

  /// out[i] = sum_j matrix[i, j] * vector[j].
  mlir::Value matVec(mlir::Value matrix, mlir::Value vector);

  /// out[j] = sum_i vector[i] * matrix[i, j].
  mlir::Value vecMat(mlir::Value vector, mlir::Value matrix);

  /// The step that v5 and v6 share, on a state [K, V]: out = S^T r + (sum r u k) v, then
  /// S[i, j] = w[i] S[i, j] + k[i] v[j]. Returns the output and the next state.
  llvm::SmallVector<mlir::Value> attend(mlir::Value r, mlir::Value w, mlir::Value k, mlir::Value v, mlir::Value u,
                                        mlir::Value state);

private:
  mlir::Value broadcast(mlir::Value scalar, mlir::Value like);

  mlir::OpBuilder &builder;
  mlir::Location loc;
};

} // namespace rwkvc::rwkv

#endif // DIALECTS_RWKV_STEPBUILDER_H
