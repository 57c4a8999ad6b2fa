//===- Emitter.h - Loops, addresses and vectors ------------------*- C++ -*-===//
//
// What every tiler emits: 64-bit loops, byte addresses into buffers, vectors of f32. A
// kernel's function takes one pointer an operand and output, then the range of its rows and
// of its units.
//
//===----------------------------------------------------------------------===//
#ifndef COMPILER_BACKENDS_LLVM_EMITTER_H
#define COMPILER_BACKENDS_LLVM_EMITTER_H

#include "dialects/Quant/Format.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "llvm/ADT/StringExtras.h"

namespace rwkvc::llvm_backend {

/// Lanes of a vector that lie outside of the row, if it is the row's last: `valid` of them count.
struct Lanes {
  int64_t width, valid;
  bool whole() const { return width == valid; }
};

class Emitter : public mlir::ImplicitLocOpBuilder {
public:
  /// `features` are the instruction sets that intrinsics may use, separated by semicolons.
  explicit Emitter(mlir::Location loc, llvm::StringRef features = {})
      : ImplicitLocOpBuilder(loc, loc.getContext()), features(features) {}

  llvm::StringRef getFeatures() const { return features; }
  bool mayUse(llvm::StringRef feature) const { return llvm::is_contained(llvm::split(features, ';'), feature); }

  mlir::VectorType vectorType(int64_t lanes) { return mlir::VectorType::get(lanes, getF32Type()); }

  mlir::Value i64(int64_t value);
  mlir::Value f32(float value);
  mlir::Value splat(mlir::Value scalar, int64_t lanes);
  mlir::Value zeros(int64_t lanes);
  mlir::Value add(mlir::Value a, mlir::Value b);
  mlir::Value sub(mlir::Value a, mlir::Value b);
  mlir::Value mul(mlir::Value a, int64_t b);
  mlir::Value min(mlir::Value a, mlir::Value b);

  /// `pointer` moved by `bytes`.
  mlir::Value at(mlir::Value pointer, mlir::Value bytes);
  mlir::Value at(mlir::Value pointer, int64_t bytes);

  /// Memory of the function that is emitted into, aligned to a cache line: to be emitted outside of loops.
  mlir::Value stack(int64_t bytes);

  /// Asks for the cache lines of `bytes`, in the second-level cache. Any address will do.
  void prefetch(mlir::Value pointer, int64_t bytes);

  mlir::Value loadScalar(mlir::Value pointer);
  mlir::Value load(mlir::Value pointer, Lanes lanes);
  void store(mlir::Value vector, mlir::Value pointer, Lanes lanes);

  /// Emits a loop; `body` gets the counter and the carried values and returns their next ones.
  mlir::ValueRange
  loop(mlir::Value from, mlir::Value to, int64_t step, mlir::ValueRange carried,
       llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::Value counter, mlir::ValueRange carried)> body);

  /// Emits `body` under a condition.
  void when(mlir::Value condition, llvm::function_ref<void()> body);

  /// A copy of the element-wise `op` on vectors of `lanes`, or on scalars if `lanes` is 0.
  mlir::Value lift(mlir::Operation *op, const mlir::IRMapping &values, int64_t lanes);

private:
  mlir::Value mask(Lanes lanes);

  llvm::StringRef features;
};

/// What a tiler works on: the kernel's function on pointers.
struct KernelFrame {
  mlir::ValueRange pointers; // operands in order, then outputs; a state is one pointer
  mlir::Value rowBegin, rowEnd, unitBegin, unitEnd;
};

} // namespace rwkvc::llvm_backend

#endif // COMPILER_BACKENDS_LLVM_EMITTER_H
