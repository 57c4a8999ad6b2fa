//===- DotProductVnni.cpp - vpdpbusd on 512 bits --------------------------===//
#include "compiler/Backends/LLVM/DotProduct.h"

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::llvm_backend;

namespace {

/// Weights are unsigned, inputs signed.
class VnniDotProduct : public ByteDotProduct {
public:
  VnniDotProduct(Emitter &emitter, kernel::GroupsAttr groups, const int8_t *codeValues)
      : ByteDotProduct(emitter, groups, codeValues, 128) {}

  Value weights(Value codes, int64_t half) override {
    if (!table)
      return codes;
    if (!emitter.mayUse("avx512vbmi"))
      return lookUp("llvm.x86.avx512.pshuf.b.512", 1, codes, half);
    // Takes 6 bits of a byte, and the table repeats every 16.
    if (half)
      codes = arith::ShRUIOp::create(emitter, codes, splat(4));
    return cast(call("llvm.x86.avx512.permvar.qi.512", table.getType(), {table, cast(codes, 8)}), 32);
  }

private:
  Value dot(Value sum, Value weights, Value inputs) override {
    return call("llvm.x86.avx512.vpdpbusd.512", lanes, {sum, cast(weights, 8), cast(inputs, 8)});
  }
};

} // namespace

std::unique_ptr<DotProduct> llvm_backend::makeVnniDotProduct(Emitter &emitter, kernel::GroupsAttr groups,
                                                             const int8_t *codeValues) {
  return std::make_unique<VnniDotProduct>(emitter, groups, codeValues);
}
