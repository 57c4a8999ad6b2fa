//===- DotProductAvx2.cpp - vpmaddwd on 256 bits --------------------------===//
#include "compiler/Backends/LLVM/DotProduct.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::llvm_backend;

namespace {

/// Unsigned weights and inputs as words.
class Avx2DotProduct : public DotProduct {
public:
  Avx2DotProduct(Emitter &emitter, kernel::GroupsAttr groups, const int8_t *codeValues)
      : DotProduct(emitter, groups, codeValues, 128) {}

  Value weights(Value codes, int64_t half) override {
    return table ? lookUp("llvm.x86.avx2.pshuf.b", 2, codes, half) : codes;
  }

  Inputs loadInputs(Value group, int64_t quad) override {
    return {broadcast(group, 4 * quad), broadcast(group, groups.getIntegerBytes() / 2 + 4 * quad)};
  }

  Sum start(Value offset) override { return {vector::BroadcastOp::create(emitter, lanes, offset), {}}; }

  void accumulate(Sum &sum, Value weights, const Inputs &inputs) override {
    Value even = arith::AndIOp::create(emitter, weights, splat(0x00ff00ff));
    Value odd = cast(arith::ShRUIOp::create(emitter, cast(weights, 16), cast(splat(0x00080008), 16)), 32);
    auto dot = [&](Value sum, Value w, Value x) -> Value {
      return arith::AddIOp::create(emitter, sum,
                                   callOnParts("llvm.x86.avx2.pmadd.wd", {cast(w, 16), cast(x, 16)}, 2, lanes));
    };
    sum.first = dot(dot(sum.first, even, inputs.first), odd, inputs.second);
  }

  Value finish(const Sum &sum) override { return sum.first; }
};

} // namespace

std::unique_ptr<DotProduct> llvm_backend::makeAvx2DotProduct(Emitter &emitter, kernel::GroupsAttr groups,
                                                             const int8_t *codeValues) {
  return std::make_unique<Avx2DotProduct>(emitter, groups, codeValues);
}
