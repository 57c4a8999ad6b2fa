//===- DotProductNeonWidening.cpp - smlal on 128 bits ---------------------===//
//
// For CPUs without a dot product, such as the Cortex-A72. Words of one input, each of another output, are multiplied
// with one element of a register.
//
//===----------------------------------------------------------------------===//
#include "compiler/Backends/LLVM/DotProduct.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::llvm_backend;
using weight::kLanes;

namespace {

/// Unsigned weights and inputs as words.
class NeonWideningDotProduct : public DotProduct {
public:
  NeonWideningDotProduct(Emitter &emitter, kernel::GroupsAttr groups, const int8_t *codeValues)
      : DotProduct(emitter, groups, codeValues, 128) {}

  Value weights(Value codes, int64_t half) override {
    return table ? lookUp("llvm.aarch64.neon.tbl1", 4, codes, half) : codes;
  }

  /// Two words each.
  Inputs loadInputs(Value group, int64_t quad) override {
    auto two = [&](int64_t bytes) -> Value {
      auto type = VectorType::get(8, emitter.getI16Type());
      Value loaded = LLVM::LoadOp::create(emitter, type, emitter.at(group, bytes + quad / 4 * 16), 4);
      int64_t first = quad % 4 * 2;
      return vector::ShuffleOp::create(emitter, loaded, loaded, {first, first + 1});
    };
    return {two(0), two(groups.getIntegerBytes() / 2)};
  }

  Sum start(Value offset) override { return {vector::BroadcastOp::create(emitter, lanes, offset), {}}; }

  void accumulate(Sum &sum, Value weights, const Inputs &inputs) override {
    Value words = cast(weights, 16);
    for (int64_t upper : {0, 1}) {
      SmallVector<int64_t> picked;
      for (int64_t i = 0; i < kLanes; ++i)
        picked.push_back(2 * i + upper);
      Value two = vector::ShuffleOp::create(emitter, words, words, picked);
      sum.first = dot(sum.first, arith::AndIOp::create(emitter, two, splat16(0x00ff)), inputs.first, upper);
      sum.first = dot(sum.first, arith::ShRUIOp::create(emitter, two, splat16(8)), inputs.second, upper);
    }
  }

  Value finish(const Sum &sum) override { return sum.first; }

private:
  Value splat16(uint16_t value) {
    auto type = VectorType::get(kLanes, emitter.getI16Type());
    return arith::ConstantOp::create(emitter, DenseElementsAttr::get(type, APInt(16, value)));
  }

  /// `sum` + the words of one input, one from each output, times the one of two.
  Value dot(Value sum, Value words, Value inputs, int64_t which) {
    Value input = vector::ShuffleOp::create(emitter, inputs, inputs, SmallVector<int64_t>(kLanes, which));
    return arith::AddIOp::create(emitter, sum, callOnParts("llvm.aarch64.neon.smull", {words, input}, 4, lanes));
  }
};

} // namespace

std::unique_ptr<DotProduct> llvm_backend::makeNeonWideningDotProduct(Emitter &emitter, kernel::GroupsAttr groups,
                                                                     const int8_t *codeValues) {
  return std::make_unique<NeonWideningDotProduct>(emitter, groups, codeValues);
}
