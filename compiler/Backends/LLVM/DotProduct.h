//===- DotProduct.h - Four products of bytes in a 32-bit lane ----*- C++ -*-===//
//
// What the target's instructions make of 8-bit weights and integer inputs, for kLanes outputs at once: a class for each
// set of instructions, which the order of a group's bytes fits.
//
//===----------------------------------------------------------------------===//
#ifndef COMPILER_BACKENDS_LLVM_DOTPRODUCT_H
#define COMPILER_BACKENDS_LLVM_DOTPRODUCT_H

#include "compiler/Backends/LLVM/Emitter.h"
#include "dialects/Kernel/Kernel.h"
#include <memory>

namespace rwkvc::llvm_backend {

class DotProduct {
public:
  /// The one for the emitter's features and the order of `groups`. `codeValues` is what codes of 4 bits stand for, or
  /// null for codes of 8 bits, which are their weights + 128.
  static std::unique_ptr<DotProduct> create(Emitter &emitter, kernel::GroupsAttr groups, const int8_t *codeValues);

  virtual ~DotProduct() = default;

  /// The 32-bit lanes of kLanes outputs: four codes of 8 bits each, or eight of 4.
  mlir::Value loadLanes(mlir::Value pointer);

  /// The weights of four inputs, as accumulate takes them; with codes of 4 bits, of those in the lower (0) or upper (1)
  /// halves of the bytes.
  virtual mlir::Value weights(mlir::Value lanes, int64_t half) = 0;

  /// A group's integers of four neighbouring inputs, in every lane: their upper and lower bytes, or those of even and
  /// odd position. Integers that are bytes have no `second`.
  struct Inputs {
    mlir::Value first, second;
  };
  virtual Inputs loadInputs(mlir::Value group, int64_t quad) = 0;

  /// The sum so far: of upper and of lower bytes; or `first` alone.
  struct Sum {
    mlir::Value first, second;
  };

  /// `offset` is what makes good for weights that are 128 too much.
  virtual Sum start(mlir::Value offset) = 0;
  virtual void accumulate(Sum &sum, mlir::Value weights, const Inputs &inputs) = 0;
  virtual mlir::Value finish(const Sum &sum) = 0; // i32

protected:
  /// Of codes of 4 bits, the weights become their values + `bias`.
  DotProduct(Emitter &emitter, kernel::GroupsAttr groups, const int8_t *codeValues, int bias);

  mlir::Value call(llvm::StringRef intrinsic, mlir::Type type, mlir::ValueRange arguments);
  mlir::Value splat(uint32_t value);

  /// 32 bits of a group in every lane.
  virtual mlir::Value broadcast(mlir::Value group, int64_t bytes);

  /// The same bits as elements of another size.
  mlir::Value cast(mlir::Value vector, unsigned elementBits);

  /// What codes of 4 bits stand for, by an `intrinsic` that takes bytes as indices of a table.
  mlir::Value lookUp(llvm::StringRef intrinsic, int64_t parts, mlir::Value lanes, int64_t half);

  /// `intrinsic` on each of `parts` equal parts of the arguments' vectors; of the results, one vector.
  mlir::Value callOnParts(llvm::StringRef intrinsic, llvm::ArrayRef<mlir::Value> arguments, int64_t parts,
                          mlir::VectorType result);

  Emitter &emitter;
  kernel::GroupsAttr groups;
  mlir::VectorType lanes;
  mlir::Value table; // the 16 values, again and again; null for codes of 8 bits
};

/// Integers of two bytes are summed apart, since an instruction multiplies bytes.
class ByteDotProduct : public DotProduct {
public:
  Inputs loadInputs(mlir::Value group, int64_t quad) override;
  Sum start(mlir::Value offset) override;
  void accumulate(Sum &sum, mlir::Value weights, const Inputs &inputs) override;
  mlir::Value finish(const Sum &sum) override;

protected:
  using DotProduct::DotProduct;

  /// `sum` + four products of bytes in each lane.
  virtual mlir::Value dot(mlir::Value sum, mlir::Value weights, mlir::Value inputs) = 0;

private:
  bool isWide() { return groups.getBits() == 16; }
};

std::unique_ptr<DotProduct> makeVnniDotProduct(Emitter &emitter, kernel::GroupsAttr groups, const int8_t *codeValues);
std::unique_ptr<DotProduct> makeAvx2DotProduct(Emitter &emitter, kernel::GroupsAttr groups, const int8_t *codeValues);
std::unique_ptr<DotProduct> makeNeonDotProduct(Emitter &emitter, kernel::GroupsAttr groups, const int8_t *codeValues);
std::unique_ptr<DotProduct> makeNeonWideningDotProduct(Emitter &emitter, kernel::GroupsAttr groups,
                                                       const int8_t *codeValues);

} // namespace rwkvc::llvm_backend

#endif // COMPILER_BACKENDS_LLVM_DOTPRODUCT_H
