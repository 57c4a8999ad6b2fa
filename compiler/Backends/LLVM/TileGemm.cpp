//===- TileGemm.cpp - kernel.gemm to register tiles -----------------------===//
//
// The loops around a tile, and what is done with its sums. FloatSums, PairSums and IntegerSums make these.
//
//===----------------------------------------------------------------------===//
#include "compiler/Backends/LLVM/GemmEpilogue.h"
#include "compiler/Backends/LLVM/GemmSums.h"
#include "compiler/Backends/LLVM/Tilers.h"
#include "dialects/Quant/Weight.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::llvm_backend;
using weight::kLanes;

namespace {

class GemmTiler {
public:
  GemmTiler(kernel::GemmOp op, Emitter &emitter, const KernelFrame &frame)
      : op(op), emitter(emitter), frame(frame), schedule(op.getScheduleAttr()) {
    auto type = cast<RankedTensorType>(op.getWeight().getType());
    outputs = type.getDimSize(0);
    inputs = type.getDimSize(1);
    format = weight::findFormat(cast<weight::LayoutAttr>(type.getEncoding()).getFormat());
    x = cast<RankedTensorType>(op.getX().getType());
    rowBytes = kernel::rowBytes(x);
    panelBytes = format->panelBytes(inputs, schedule.getPanel());
  }

  void emit() {
    int64_t panel = schedule.getPanel(), whole = outputs / panel;
    Value end = emitter.min(frame.unitEnd, emitter.i64(whole));
    emitter.loop(frame.unitBegin, end, 1, {}, [&](Value index, ValueRange) -> SmallVector<Value> {
      emitPanel(index, panel);
      return {};
    });
    if (outputs % panel == 0)
      return;
    Value last = emitter.i64(whole);
    Value owned = arith::CmpIOp::create(emitter, arith::CmpIPredicate::sgt, frame.unitEnd, last);
    emitter.when(owned, [&] { emitPanel(last, outputs % panel); });
  }

private:
  /// The first `columns` outputs of a panel, by the tile's width; of each, full tiles of rows and then ever smaller ones
  /// for those that are left.
  void emitPanel(Value panel, int64_t columns) {
    Value weights = emitter.at(frame.pointers[1], emitter.mul(panel, panelBytes));
    Value output = emitter.mul(panel, schedule.getPanel());
    for (int64_t column = 0; column < columns; column += schedule.getTileColumns()) {
      int64_t width = std::min(schedule.getTileColumns(), columns - column);
      Value next = frame.rowBegin;
      for (int64_t rows = schedule.getTileRows(); rows > 0; rows = rows == 1 ? 0 : llvm::bit_floor(uint64_t(rows - 1)))
        next = emitRows(next, rows, weights, emitter.add(output, emitter.i64(column)), column, width);
    }
  }

  /// Tiles of `rows` from `from` on; returns the first row that is left.
  Value emitRows(Value from, int64_t rows, Value weights, Value output, int64_t column, int64_t width) {
    Value left = arith::SubIOp::create(emitter, frame.rowEnd, from);
    Value whole = arith::SubIOp::create(emitter, left, arith::RemSIOp::create(emitter, left, emitter.i64(rows)));
    Value to = emitter.add(from, whole);
    emitter.loop(from, to, rows, {}, [&](Value row, ValueRange) -> SmallVector<Value> {
      emitTile(row, rows, weights, output, column, width);
      return {};
    });
    return to;
  }

  void emitTile(Value row, int64_t rows, Value weights, Value output, int64_t column, int64_t width) {
    GemmTile tile{*format, inputs, schedule.getPanel(), weights, column, llvm::divideCeilSigned(width, kLanes), {}};
    // A few rows have as much to compute as to wait for: the next panel comes from memory meanwhile.
    tile.ahead = schedule.getPrefetch() || schedule.getMostRows() <= 1 ? schedule.getPrefetch() : panelBytes;
    for (int64_t i = 0; i < rows; ++i)
      tile.rows.push_back(emitter.at(frame.pointers[0], emitter.mul(emitter.add(row, emitter.i64(i)), rowBytes)));
    SmallVector<Value> sums = emitGemmSums(emitter, tile, x);
    for (int64_t i = 0; i < rows; ++i)
      for (int64_t v = 0; v < tile.vectors; ++v)
        emitGemmEpilogue(op, emitter, frame, emitter.add(row, emitter.i64(i)),
                         emitter.add(output, emitter.i64(v * kLanes)), {kLanes, std::min(kLanes, width - v * kLanes)},
                         sums[i * tile.vectors + v]);
  }

  kernel::GemmOp op;
  Emitter &emitter;
  const KernelFrame &frame;
  kernel::ScheduleAttr schedule;
  const weight::Format *format;
  RankedTensorType x; // rows
  int64_t outputs, inputs, rowBytes, panelBytes;
};

} // namespace

SmallVector<Value> llvm_backend::emitGemmSums(Emitter &emitter, const GemmTile &tile, RankedTensorType x) {
  if (auto groups = dyn_cast_or_null<kernel::GroupsAttr>(x.getEncoding()))
    return emitIntegerSums(emitter, tile, groups);
  return x.getElementType().isBF16() ? emitPairSums(emitter, tile) : emitFloatSums(emitter, tile);
}

void llvm_backend::tileGemm(kernel::GemmOp op, Emitter &emitter, const KernelFrame &frame) {
  auto type = cast<RankedTensorType>(op.getWeight().getType());
  if (cast<weight::LayoutAttr>(type.getEncoding()).getInputMajor())
    tileInputMajor(op, emitter, frame);
  else if (op.widensWeight() || splitsInputs(op))
    tileWidened(op, emitter, frame);
  else
    GemmTiler(op, emitter, frame).emit();
}
