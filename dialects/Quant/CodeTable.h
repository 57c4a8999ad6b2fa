//===- CodeTable.h - IR that looks up what codes stand for -------*- C++ -*-===//
#ifndef DIALECTS_QUANT_CODETABLE_H
#define DIALECTS_QUANT_CODETABLE_H

#include "mlir/IR/Builders.h"

namespace rwkvc::weight {

/// Sixteen values, as f32 in registers where the target can permute them.
class CodeTable {
public:
  CodeTable(mlir::OpBuilder &builder, mlir::Location loc, llvm::ArrayRef<int8_t> values, llvm::StringRef features);

  /// The values of the four bits from `bit` on in each of kLanes i32.
  mlir::Value lookUp(mlir::Value lanes, int64_t bit);

private:
  mlir::Value splat(uint32_t value);
  mlir::Value constant(llvm::ArrayRef<int8_t> values);
  mlir::Value permute(llvm::StringRef intrinsic, llvm::ArrayRef<mlir::Value> operands);

  mlir::OpBuilder &builder;
  mlir::Location loc;
  llvm::ArrayRef<int8_t> values;
  llvm::StringRef features;
};

} // namespace rwkvc::weight

#endif // DIALECTS_QUANT_CODETABLE_H
