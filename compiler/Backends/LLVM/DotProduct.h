//===- DotProduct.h - Four products of bytes in a 32-bit lane ----*- C++ -*-===//
//
// What the target's instructions make of unsigned 8-bit weights and integer inputs, for kLanes outputs at once. The
// order of a group's bytes says which instructions these are.
//
//===----------------------------------------------------------------------===//
#ifndef COMPILER_BACKENDS_LLVM_DOTPRODUCT_H
#define COMPILER_BACKENDS_LLVM_DOTPRODUCT_H

#include "compiler/Backends/LLVM/Emitter.h"
#include "dialects/Kernel/Kernel.h"

namespace rwkvc::llvm_backend {

class DotProduct {
public:
  DotProduct(Emitter &emitter, kernel::GroupsAttr groups);

  /// The 32-bit lanes of kLanes outputs: four codes of 8 bits each, or eight of 4.
  mlir::Value loadLanes(mlir::Value pointer);

  /// The 8-bit numbers of four 4-bit codes, in the lower (0) or upper (1) halves of the bytes.
  mlir::Value lookUp(mlir::Value lanes, int64_t half, mlir::Value table);

  /// Bytes `codes`, which are 128 too much, times signed 16-bit fractions of 1, rounded.
  mlir::Value scale(mlir::Value codes, mlir::Value fractions);

  /// `values` + 128 as the table that lookUp takes.
  mlir::Value makeTable(llvm::ArrayRef<int8_t> values);

  /// A group's integers of four neighbouring inputs, in every lane: their upper and lower bytes, or those of even and
  /// odd position. Integers that are bytes have no `second`.
  struct Inputs {
    mlir::Value first, second;
  };
  Inputs loadInputs(mlir::Value group, int64_t quad);

  /// The sum so far: of upper and of lower bytes; or `first` alone.
  struct Sum {
    mlir::Value first, second;
  };
  Sum start(mlir::Value offset); // an i32 that every lane starts with
  void accumulate(Sum &sum, mlir::Value weights, const Inputs &inputs);
  mlir::Value finish(const Sum &sum); // i32

private:
  mlir::Value call(llvm::StringRef intrinsic, mlir::Type type, mlir::ValueRange arguments);
  mlir::Value splat(uint32_t value);
  mlir::Value cast(mlir::Value vector, unsigned elementBits);

  /// `intrinsic` on both halves of the arguments' vectors.
  mlir::Value callOnHalves(llvm::StringRef intrinsic, mlir::Value a, mlir::Value b, unsigned resultBits);

  Emitter &emitter;
  kernel::GroupsAttr groups;
  bool isBytes, isWide; // isWide: integers of two bytes, which are summed apart
  mlir::VectorType lanes;
};

} // namespace rwkvc::llvm_backend

#endif // COMPILER_BACKENDS_LLVM_DOTPRODUCT_H
