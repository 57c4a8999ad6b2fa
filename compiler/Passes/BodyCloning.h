//===- BodyCloning.h - Copies kernel bodies into a new one -------*- C++ -*-===//
#ifndef COMPILER_PASSES_BODYCLONING_H
#define COMPILER_PASSES_BODYCLONING_H

#include "dialects/Kernel/Kernel.h"
#include "mlir/IR/IRMapping.h"
#include <functional>

namespace rwkvc::passes {

/// What a body sees of a row operand, a constant or a state over groups of `size` channels.
mlir::Type groupType(mlir::Type type, int64_t size);

/// A body's type `type` over groups of `size` channels.
mlir::Type regrouped(mlir::Type type, int64_t size);

/// The type of one channel of a body's type.
mlir::Type scalar(mlir::Type type);

/// True if `op` of a body says the same of any number of channels.
bool isRetypable(mlir::Operation &op);

/// Fills one body with copies of others. Values outside of kernels stand for what they are inside: an operand for its
/// argument, and the result of a kernel that was copied for what it yielded.
class BodyCloner {
public:
  using Retype = std::function<mlir::Type(mlir::Type)>;

  BodyCloner(mlir::OpBuilder &builder, mlir::Region &body, Retype retype);

  /// Adds an argument that stands for `outer`; a null `outer` is the sum of a gemm.
  void addArgument(mlir::Value outer, mlir::Type type);

  void clone(kernel::ScanOp scan);
  void clone(kernel::GemmOp gemm);

  /// Ends the body with what stands for `outer`.
  void yield(mlir::ValueRange outer);

private:
  void cloneBody(mlir::Operation *kernel, mlir::ValueRange arguments);
  void cloneOp(mlir::Operation &op);

  mlir::OpBuilder &builder;
  mlir::Block *block;
  mlir::Location loc;
  Retype retype;
  mlir::Value sum;
  mlir::IRMapping inside; // from outer values and from values of the copied bodies
};

} // namespace rwkvc::passes

#endif // COMPILER_PASSES_BODYCLONING_H
