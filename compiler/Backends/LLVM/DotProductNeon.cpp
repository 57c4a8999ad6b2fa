//===- DotProductNeon.cpp - sdot and usdot on 128 bits --------------------===//
//
// sdot takes signed weights, which a table can hold and 8-bit codes become by one exclusive or. usdot (i8mm) takes
// these codes as they are.
//
//===----------------------------------------------------------------------===//
#include "compiler/Backends/LLVM/DotProduct.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::llvm_backend;

namespace {

class NeonDotProduct : public ByteDotProduct {
public:
  NeonDotProduct(Emitter &emitter, kernel::GroupsAttr groups, const int8_t *codeValues)
      : ByteDotProduct(emitter, groups, codeValues, 0), isUnsigned(!codeValues && emitter.mayUse("i8mm")) {}

  Value weights(Value codes, int64_t half) override {
    if (table)
      return lookUp("llvm.aarch64.neon.tbl1", 4, codes, half);
    return isUnsigned ? codes : arith::XOrIOp::create(emitter, codes, splat(0x80808080)).getResult();
  }

  Sum start(Value offset) override {
    Value none = arith::ConstantOp::create(emitter, emitter.getI32IntegerAttr(0));
    return ByteDotProduct::start(isUnsigned ? offset : none);
  }

private:
  /// One of four in a register, which the instruction picks.
  Value broadcast(Value group, int64_t bytes) override {
    auto type = VectorType::get(4, emitter.getI32Type());
    Value loaded = LLVM::LoadOp::create(emitter, type, emitter.at(group, bytes / 16 * 16), 4);
    return vector::ShuffleOp::create(emitter, loaded, loaded, SmallVector<int64_t>(weight::kLanes, bytes % 16 / 4));
  }

  Value dot(Value sum, Value weights, Value inputs) override {
    StringRef intrinsic = isUnsigned ? "llvm.aarch64.neon.usdot" : "llvm.aarch64.neon.sdot";
    return callOnParts(intrinsic, {sum, cast(weights, 8), cast(inputs, 8)}, 4, lanes);
  }

  bool isUnsigned; // weights are
};

} // namespace

std::unique_ptr<DotProduct> llvm_backend::makeNeonDotProduct(Emitter &emitter, kernel::GroupsAttr groups,
                                                             const int8_t *codeValues) {
  return std::make_unique<NeonDotProduct>(emitter, groups, codeValues);
}
