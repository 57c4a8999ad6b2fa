//===- StructBuilder.h - Constants of C's structs ----------------*- C++ -*-===//
#ifndef COMPILER_BACKENDS_LLVM_STRUCTBUILDER_H
#define COMPILER_BACKENDS_LLVM_STRUCTBUILDER_H

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace rwkvc::llvm_backend {

/// Builds a struct constant inside of a global's initialiser.
class StructBuilder {
public:
  explicit StructBuilder(mlir::ImplicitLocOpBuilder &builder) : builder(builder) {}

  void integer(unsigned bits, uint64_t value);
  void real(float value);
  void address(llvm::StringRef symbol);
  void null();
  void value(mlir::Value value) { values.push_back(value); }

  /// All fields so far, as one value of the C struct's layout.
  mlir::Value finish();
  mlir::Value finishArray(mlir::Type element);

private:
  mlir::Value aggregate(mlir::Type type);

  mlir::ImplicitLocOpBuilder &builder;
  llvm::SmallVector<mlir::Value> values;
};

/// An internal constant whose value `build` makes.
mlir::LLVM::GlobalOp emitGlobal(mlir::ImplicitLocOpBuilder &builder, llvm::StringRef symbol,
                                llvm::function_ref<mlir::Value()> build);

} // namespace rwkvc::llvm_backend

#endif // COMPILER_BACKENDS_LLVM_STRUCTBUILDER_H
