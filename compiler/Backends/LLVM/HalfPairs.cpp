//===- HalfPairs.cpp - f16 weights as pairs of bf16 -----------------------===//
#include "compiler/Backends/LLVM/PanelWeights.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::llvm_backend;
using weight::kLanes;

/// Stores kLanes weights of two inputs, rounded to bf16, as vdpbf16ps takes them.
static void storePairs(Emitter &emitter, Value even, Value odd, Value to) {
  auto type = VectorType::get(kLanes, emitter.getBF16Type());
  Value first = arith::TruncFOp::create(emitter, type, even), second = arith::TruncFOp::create(emitter, type, odd);
  SmallVector<int64_t> order;
  for (int64_t i = 0; i < kLanes; ++i)
    order.append({i, kLanes + i});
  LLVM::StoreOp::create(emitter, vector::ShuffleOp::create(emitter, first, second, order), to, 64);
}

HalfPairs::HalfPairs(kernel::GemmOp op, Emitter &emitter, const KernelFrame &frame)
    : PanelWeights(weight::bf16Format, op, emitter, frame) {}

Value HalfPairs::widen(Value unit, Value firstInput, Value inputs, Value panel, int64_t) {
  Value from = panelOf(unit);
  emitter.loop(emitter.i64(0), inputs, 2, {}, [&](Value input, ValueRange) -> SmallVector<Value> {
    Value step = stepOf(from, emitter.add(firstInput, input));
    Value to = emitter.at(panel, emitter.mul(input, columns * format.stepBytes / format.inputStep));
    for (int64_t column = 0; column < columns; column += kLanes) {
      auto load = [&](Value step) {
        return stored.emitLoad(emitter, emitter.getLoc(), {from, step, columns, column})[0];
      };
      storePairs(emitter, load(step), load(emitter.at(step, columns * stored.stepBytes)), emitter.at(to, 4 * column));
    }
    return {};
  });
  return panel;
}
