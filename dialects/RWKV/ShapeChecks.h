//===- ShapeChecks.h - What the verifiers of rwkv ops share -----*- C++ -*-===//
//
// One function a kind of constraint, so that every op refuses in the same words.
//
//===----------------------------------------------------------------------===//
#ifndef DIALECTS_RWKV_SHAPECHECKS_H
#define DIALECTS_RWKV_SHAPECHECKS_H

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Operation.h"

namespace rwkvc::rwkv {

/// An operand and the name that diagnostics call it by.
struct Named {
  llvm::StringRef name;
  mlir::Value value;

  mlir::RankedTensorType type() const { return llvm::cast<mlir::RankedTensorType>(value.getType()); }
  /// The last dimension.
  int64_t channels() const { return type().getShape().back(); }
};

/// Each of `vectors` has as many channels as the rows `of`.
mlir::LogicalResult verifyChannels(mlir::Operation *op, llvm::ArrayRef<Named> vectors, Named of);

/// `groups` is positive and divides the channels of `of`.
mlir::LogicalResult verifyGroups(mlir::Operation *op, int64_t groups, Named of);

/// `eps` is positive and finite.
mlir::LogicalResult verifyEps(mlir::Operation *op, const llvm::APFloat &eps);

/// `state` is [H, N, N] with H * N the channels of `of`.
mlir::LogicalResult verifyHeads(mlir::Operation *op, Named state, Named of);

/// The f32 rows of as many rows as `like` has elements or rows, and as many channels as dimension `dimension`
/// of `matrix`. Runs before the operands' types are verified, and so refuses other ranks itself.
mlir::FailureOr<mlir::Type> inferRows(std::optional<mlir::Location> loc, mlir::Value like, mlir::Value matrix,
                                      unsigned dimension);

} // namespace rwkvc::rwkv

#endif // DIALECTS_RWKV_SHAPECHECKS_H
