//===- TileGemm.cpp - kernel.gemm to register tiles -----------------------===//
//
// The sum over inputs runs in one order whatever the tile, so a row's result does not depend
// on how many rows came with it. With bf16 weights and 64 columns the inner loop must become,
// per row and pair of inputs: two broadcasts and eight vfmadd231ps on zmm, and no store.
//
//===----------------------------------------------------------------------===//
#include "compiler/Backends/LLVM/Tilers.h"
#include "dialects/Quant/Weight.h"
#include "mlir/Dialect/Math/IR/Math.h"
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
    stepBytes =
        schedule.getPanel() * format->inputStep * format->elementType(op.getContext()).getIntOrFloatBitWidth() / 8;
    panelBytes = stepBytes * llvm::divideCeilSigned(inputs, format->inputStep);
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
  /// The first `columns` outputs of a panel, for all rows.
  void emitPanel(Value panel, int64_t columns) {
    Value weights = emitter.at(frame.pointers[1], emitter.mul(panel, panelBytes));
    Value output = emitter.mul(panel, schedule.getPanel());
    for (int64_t column = 0; column < columns; column += schedule.getTileColumns()) {
      int64_t width = std::min(schedule.getTileColumns(), columns - column);
      Value next = frame.rowBegin;
      // Full tiles, then ever smaller ones for the rows that are left.
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
    int64_t vectors = llvm::divideCeilSigned(width, kLanes), step = format->inputStep;
    SmallVector<Value> x, sums(rows * vectors, emitter.zeros(kLanes));
    for (int64_t i = 0; i < rows; ++i)
      x.push_back(emitter.at(frame.pointers[0], emitter.mul(emitter.add(row, emitter.i64(i)), inputs * 4)));

    int64_t columnBytes = stepBytes / schedule.getPanel() * column;
    auto accumulate = [&](Value index, int64_t count, MutableArrayRef<Value> sums) {
      Value pointer = emitter.at(emitter.at(weights, emitter.mul(index, stepBytes)), columnBytes);
      SmallVector<SmallVector<Value>> loaded;
      for (int64_t v = 0; v < vectors; ++v)
        loaded.push_back(format->emitLoad(emitter, emitter.getLoc(),
                                          emitter.at(pointer, stepBytes / schedule.getPanel() * v * kLanes)));
      Value input = emitter.mul(index, step * 4);
      for (int64_t k = 0; k < count; ++k)
        for (int64_t i = 0; i < rows; ++i) {
          Value value = emitter.loadScalar(emitter.at(emitter.at(x[i], input), k * 4));
          Value repeated = emitter.splat(value, kLanes);
          for (int64_t v = 0; v < vectors; ++v) {
            Value &sum = sums[i * vectors + v];
            sum = math::FmaOp::create(emitter, repeated, loaded[v][k], sum);
          }
        }
    };
    ValueRange looped =
        emitter.loop(emitter.i64(0), emitter.i64(inputs / step), 1, sums, [&](Value index, ValueRange carried) {
          SmallVector<Value> next(carried);
          accumulate(index, step, next);
          return next;
        });
    sums.assign(looped.begin(), looped.end());
    if (inputs % step)
      accumulate(emitter.i64(inputs / step), inputs % step, sums);

    for (int64_t i = 0; i < rows; ++i)
      for (int64_t v = 0; v < vectors; ++v)
        emitEpilogue(emitter.add(row, emitter.i64(i)), emitter.add(output, emitter.i64(v * kLanes)),
                     {kLanes, std::min(kLanes, width - v * kLanes)}, sums[i * vectors + v]);
  }

  void emitEpilogue(Value row, Value output, Lanes lanes, Value sum) {
    Block &body = op.getBody().front();
    Value inRow = emitter.mul(output, 4);
    Value inMatrix = emitter.add(emitter.mul(row, outputs * 4), inRow);

    IRMapping values;
    values.map(body.getArgument(0), sum);
    size_t rows = op.getRows().size();
    for (size_t i = 1; i < body.getNumArguments(); ++i)
      // The body's arguments follow `acc` as the operands follow `weight`.
      values.map(body.getArgument(i),
                 emitter.load(emitter.at(frame.pointers[i + 1], i <= rows ? inMatrix : inRow), lanes));
    for (Operation &inner : body.without_terminator())
      values.map(inner.getResult(0), emitter.lift(&inner, values, kLanes));
    Value result = values.lookup(body.getTerminator()->getOperand(0));
    emitter.store(result, emitter.at(frame.pointers.back(), inMatrix), lanes);
  }

  kernel::GemmOp op;
  Emitter &emitter;
  const KernelFrame &frame;
  kernel::ScheduleAttr schedule;
  const weight::Format *format;
  int64_t outputs, inputs, stepBytes, panelBytes;
};

} // namespace

void llvm_backend::tileGemm(kernel::GemmOp op, Emitter &emitter, const KernelFrame &frame) {
  GemmTiler(op, emitter, frame).emit();
}
