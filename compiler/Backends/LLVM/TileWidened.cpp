//===- TileWidened.cpp - kernel.gemm that widens panels of its weight -----===//
#include "compiler/Backends/LLVM/GemmEpilogue.h"
#include "compiler/Backends/LLVM/PanelWeights.h"
#include "compiler/Backends/LLVM/Tilers.h"
#include "dialects/Quant/Weight.h"

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::llvm_backend;
using weight::kLanes;

weight::LayoutAttr llvm_backend::layoutOf(kernel::GemmOp op) {
  return cast<weight::LayoutAttr>(cast<RankedTensorType>(op.getWeight().getType()).getEncoding());
}

PanelWeights::PanelWeights(const weight::Format &widened, kernel::GemmOp op, Emitter &emitter,
                           const KernelFrame &frame, bool isCopied)
    : WidenedWeights(widened, layoutOf(op).getPanel(), isCopied), emitter(emitter),
      stored(*weight::findFormat(layoutOf(op).getFormat())), op(op), frame(frame) {
  auto type = cast<RankedTensorType>(op.getWeight().getType());
  outputs = type.getDimSize(0);
  inputs = type.getDimSize(1);
}

Value PanelWeights::panelOf(Value unit) {
  return emitter.at(frame.pointers[1], emitter.mul(unit, stored.panelBytes(inputs, columns)));
}

Value PanelWeights::stepOf(Value panel, Value input) {
  Value step = arith::DivUIOp::create(emitter, input, emitter.i64(stored.inputStep));
  return emitter.at(emitter.at(panel, columns * stored.headBytes), emitter.mul(step, columns * stored.stepBytes));
}

void PanelWeights::finish(Value row, Value unit, ArrayRef<Value> sums) {
  Value output = emitter.mul(unit, columns);
  for (int64_t v = 0; v * kLanes < columns; ++v) {
    Value first = emitter.add(output, emitter.i64(v * kLanes));
    auto emit = [&](int64_t valid) { emitGemmEpilogue(op, emitter, frame, row, first, {kLanes, valid}, sums[v]); };
    // Only the last panel has outputs that are padding.
    int64_t last = (outputs - 1) / columns * columns, valid = outputs - last - v * kLanes;
    if (valid >= kLanes) {
      emit(kLanes);
      continue;
    }
    Value whole = arith::CmpIOp::create(emitter, arith::CmpIPredicate::ult, output, emitter.i64(last));
    emitter.when(whole, [&] { emit(kLanes); });
    Value part = arith::CmpIOp::create(emitter, arith::CmpIPredicate::eq, output, emitter.i64(last));
    if (valid > 0)
      emitter.when(part, [&] { emit(valid); });
  }
}

void llvm_backend::tileWidened(kernel::GemmOp op, Emitter &emitter, const KernelFrame &frame) {
  auto x = cast<RankedTensorType>(op.getX().getType());
  if (!op.widensWeight()) {
    StoredPanels weights(op, emitter, frame);
    return emitWidenedGemm(op, emitter, frame, weights);
  }
  if (auto groups = dyn_cast_or_null<kernel::GroupsAttr>(x.getEncoding())) {
    JoinedGroups weights(op, emitter, frame, groups);
    emitWidenedGemm(op, emitter, frame, weights);
  } else if (x.getElementType().isF32()) {
    PlainFloats weights(op, emitter, frame);
    emitWidenedGemm(op, emitter, frame, weights);
  } else {
    HalfPairs weights(op, emitter, frame);
    emitWidenedGemm(op, emitter, frame, weights);
  }
}
