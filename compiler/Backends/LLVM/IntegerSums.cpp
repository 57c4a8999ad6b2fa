//===- IntegerSums.cpp - Sums of quantised products -----------------------===//
//
// With q8 weights and vpdpbusd, a group of 32 inputs must become, per 16 outputs and row: 8 loads of weights, 16
// vpdpbusd, one shift and one add that join both halves, one conversion and one fused multiply-add. With q4 weights
// and vpermb, a group of 16: 2 loads and 2 shifts, 4 vpermb, 4 vpdpbusd, one conversion, one fused multiply-add.
//
//===----------------------------------------------------------------------===//
#include "compiler/Backends/LLVM/DotProduct.h"
#include "compiler/Backends/LLVM/GemmSums.h"
#include "compiler/Backends/LLVM/KeepLoops.h"
#include "dialects/Quant/GroupLoad.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::llvm_backend;
using weight::kLanes;

namespace {

class IntegerSums {
public:
  IntegerSums(Emitter &emitter, const GemmTile &tile, kernel::GroupsAttr groups)
      : emitter(emitter), tile(tile), groups(groups), dot(DotProduct::create(emitter, groups, tile.format.codeValues)),
        rows(tile.rows.size()), levelBytes(weight::groupScaleBytes(tile.format)), quadsOfWord(8 / tile.format.codeBits) {}

  SmallVector<Value> emit() {
    SmallVector<Value> sums = tile.start(emitter);
    Value count = tile.steps(emitter, llvm::divideCeilSigned(tile.inputs, groups.getSize()));
    Value steps = tile.firstStep(emitter);
    ValueRange looped = emitter.loop(emitter.i64(0), count, 1, sums, [&](Value index, ValueRange carried) {
      SmallVector<Value> next(carried);
      emitGroup(emitter.at(steps, emitter.mul(index, tile.stepBytes())), index, next);
      return next;
    });
    sums.assign(looped.begin(), looped.end());
    if (!tile.format.headBytes || tile.wholeSteps)
      return sums;
    for (int64_t v = 0; v < tile.vectors; ++v) {
      Value scale = emitter.load(emitter.at(tile.weights, 4 * (tile.column + v * kLanes)), {kLanes, kLanes});
      for (int64_t i = 0; i < rows; ++i) {
        Value &sum = sums[i * tile.vectors + v];
        sum = arith::MulFOp::create(emitter, sum, scale);
      }
    }
    return sums;
  }

private:
  /// Adds to `totals` what one 32-bit word of each output stands for; `codes` points to those of the panel, `inputs` to the
  /// rows' first ones of that word.
  void emitWord(Value codes, ArrayRef<Value> inputs, MutableArrayRef<DotProduct::Sum> totals) {
    for (int64_t quad = 0; quad < quadsOfWord; ++quad) {
      SmallVector<Value> weights;
      for (int64_t v = 0; v < tile.vectors; ++v)
        weights.push_back(dot->weights(dot->loadLanes(emitter.at(codes, (tile.column + v * kLanes) * 4)), quad));
      for (int64_t i = 0; i < rows; ++i) {
        DotProduct::Inputs four = dot->loadInputs(inputs[i], quad);
        for (int64_t v = 0; v < tile.vectors; ++v)
          dot->accumulate(totals[i * tile.vectors + v], weights[v], four);
      }
    }
  }

  /// Word by word. Where registers are few this is a loop, since LLVM's scheduler would compute a group's sums one after
  /// the other, and keep all weights and inputs of the group on the stack meanwhile.
  void emitWords(Value codes, ArrayRef<Value> inputs, MutableArrayRef<DotProduct::Sum> totals) {
    int64_t words = groups.getSize() / 4 / quadsOfWord;
    auto emitAt = [&](Value word, MutableArrayRef<DotProduct::Sum> sums) {
      SmallVector<Value> first = llvm::map_to_vector(
          inputs, [&](Value input) { return emitter.at(input, emitter.mul(word, 4 * quadsOfWord)); });
      emitWord(emitter.at(codes, emitter.mul(word, tile.panel * 4)), first, sums);
    };
    if (rows == 1 || emitter.mayUse("avx512f") || totals.front().second) {
      for (int64_t word = 0; word < words; ++word)
        emitAt(emitter.i64(word), totals);
      return;
    }
    SmallVector<Value> begun = llvm::map_to_vector(totals, [](const DotProduct::Sum &sum) { return sum.first; });
    ValueRange ended = emitter.loop(emitter.i64(0), emitter.i64(words), 1, begun, [&](Value word, ValueRange carried) {
      SmallVector<DotProduct::Sum> sums;
      for (Value value : carried)
        sums.push_back({value, {}});
      emitAt(word, sums);
      return llvm::map_to_vector<6>(sums, [](const DotProduct::Sum &sum) { return sum.first; });
    });
    keepLoop(ended.front().getDefiningOp());
    for (auto [total, value] : llvm::zip_equal(totals, ended))
      total.first = value;
  }

  void emitGroup(Value step, Value index, MutableArrayRef<Value> sums) {
    int64_t size = groups.getSize();
    for (int64_t lanes = 0; lanes < size * tile.format.codeBits / 32; ++lanes)
      tile.prefetch(emitter, emitter.at(step, tile.panel * (levelBytes + lanes * 4)), 4);
    if (tile.column == 0)
      tile.prefetch(emitter, step, levelBytes);
    SmallVector<Value> inputs;
    SmallVector<DotProduct::Sum> totals;
    for (int64_t i = 0; i < rows; ++i) {
      inputs.push_back(emitter.at(tile.rows[i], emitter.mul(index, groups.getGroupBytes())));
      Value offset =
          LLVM::LoadOp::create(emitter, emitter.getI32Type(), emitter.at(inputs[i], groups.getIntegerBytes() + 4), 4);
      totals.append(tile.vectors, dot->start(offset));
    }
    emitWords(emitter.at(step, tile.panel * levelBytes), inputs, totals);
    for (int64_t v = 0; v < tile.vectors; ++v) {
      Value pointer = emitter.at(step, levelBytes * (tile.column + v * kLanes));
      Value level = weight::loadGroupScales(emitter, emitter.getLoc(), tile.format, pointer);
      for (int64_t i = 0; i < rows; ++i) {
        Value scale = emitter.splat(emitter.loadScalar(emitter.at(inputs[i], groups.getIntegerBytes())), kLanes);
        Value total = dot->finish(totals[i * tile.vectors + v]);
        Value &sum = sums[i * tile.vectors + v];
        sum = math::FmaOp::create(emitter, arith::SIToFPOp::create(emitter, emitter.vectorType(kLanes), total),
                                  arith::MulFOp::create(emitter, level, scale), sum);
      }
    }
  }

  Emitter &emitter;
  const GemmTile &tile;
  kernel::GroupsAttr groups;
  std::unique_ptr<DotProduct> dot;
  int64_t rows, levelBytes, quadsOfWord;
};

} // namespace

SmallVector<Value> llvm_backend::emitIntegerSums(Emitter &emitter, const GemmTile &tile, kernel::GroupsAttr groups) {
  return IntegerSums(emitter, tile, groups).emit();
}
