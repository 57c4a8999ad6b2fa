//===- PlainFloats.cpp - Quantised weights as f32 -------------------------===//
#include "compiler/Backends/LLVM/PanelWeights.h"

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::llvm_backend;
using weight::kLanes;

Value PlainFloats::widen(Value unit, Value firstInput, Value inputs, Value panel, int64_t) {
  Value from = panelOf(unit);
  // The last group is whole, too: what it pads is written and not read.
  emitter.loop(emitter.i64(0), inputs, stored.inputStep, {}, [&](Value input, ValueRange) -> SmallVector<Value> {
    Value step = stepOf(from, emitter.add(firstInput, input));
    Value to = emitter.at(panel, emitter.mul(input, columns * format.stepBytes));
    for (int64_t column = 0; column < columns; column += kLanes) {
      SmallVector<Value> weights = stored.emitLoad(emitter, emitter.getLoc(), {from, step, columns, column});
      for (auto [k, values] : llvm::enumerate(weights))
        emitter.store(values, emitter.at(to, int64_t(k) * columns * format.stepBytes + 4 * column), {kLanes, kLanes});
    }
    return {};
  });
  return panel;
}
