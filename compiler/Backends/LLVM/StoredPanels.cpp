//===- StoredPanels.cpp - Some inputs of a panel at a time ----------------===//
//
// Many rows read a panel again and again: parts of it that fit into the first-level cache are read faster.
//
//===----------------------------------------------------------------------===//
#include "compiler/Backends/LLVM/PanelWeights.h"
#include "compiler/Backends/LLVM/Tilers.h"
#include "dialects/Quant/Weight.h"

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::llvm_backend;
using weight::kLanes;

bool llvm_backend::splitsInputs(kernel::GemmOp op) {
  kernel::ScheduleAttr schedule = op.getScheduleAttr();
  int64_t inputs = cast<RankedTensorType>(op.getX().getType()).getDimSize(1);
  // Sums of a few rows stay in registers, and inputs that are no whole steps are not parted.
  return schedule.getMostRows() == 0 && schedule.getTileInputs() && schedule.getTileInputs() < inputs &&
         inputs % weight::findFormat(layoutOf(op).getFormat())->inputStep == 0;
}

StoredPanels::StoredPanels(kernel::GemmOp op, Emitter &emitter, const KernelFrame &frame)
    : PanelWeights(*weight::findFormat(layoutOf(op).getFormat()), op, emitter, frame, /*isCopied=*/false) {}

Value StoredPanels::widen(Value unit, Value firstInput, Value, Value, int64_t) {
  return stepOf(panelOf(unit), firstInput);
}

void StoredPanels::finish(Value row, Value unit, ArrayRef<Value> sums) {
  SmallVector<Value> scaled(sums);
  if (stored.headBytes)
    for (auto [v, sum] : llvm::enumerate(scaled)) {
      Value scale = emitter.load(emitter.at(panelOf(unit), int64_t(v) * 4 * kLanes), {kLanes, kLanes});
      sum = arith::MulFOp::create(emitter, sum, scale);
    }
  PanelWeights::finish(row, unit, scaled);
}
