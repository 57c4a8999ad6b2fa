//===- TileGather.cpp - kernel.gather to loops over vectors ---------------===//
//
// A table of floats lies row by row. Quantised, it lies in panels as any matrix: one lane of each load is the row,
// which is slow for a loop but nothing beside a token's matrices, and needs no second layout.
//
//===----------------------------------------------------------------------===//
#include "compiler/Backends/LLVM/Tilers.h"
#include "dialects/Quant/Weight.h"

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::llvm_backend;

namespace {

class GatherTiler {
public:
  GatherTiler(kernel::GatherOp op, Emitter &emitter, const KernelFrame &frame)
      : emitter(emitter), frame(frame), block(op.getScheduleAttr().getBlock()) {
    auto type = cast<RankedTensorType>(op.getTable().getType());
    channels = type.getDimSize(1);
    element = type.getElementType();
    layout = dyn_cast_or_null<weight::LayoutAttr>(type.getEncoding());
    if (layout)
      format = weight::findFormat(layout.getFormat());
    if (format && format->elementType)
      element = format->elementType(op.getContext());
  }

  void emit() {
    Value table = frame.pointers[0], index = frame.pointers[1], out = frame.pointers[2];
    emitter.loop(frame.rowBegin, frame.rowEnd, 1, {}, [&](Value row, ValueRange) -> SmallVector<Value> {
      Value narrow = LLVM::LoadOp::create(emitter, emitter.getI32Type(), emitter.at(index, emitter.mul(row, 4)), 4);
      Value wide = arith::ExtSIOp::create(emitter, emitter.getI64Type(), narrow);
      if (layout && layout.getPanel())
        copyLane(table, wide, emitter.at(out, emitter.mul(row, channels * 4)));
      else
        copyRow(table, wide, emitter.at(out, emitter.mul(row, channels * 4)));
      return {};
    });
  }

private:
  void copyRow(Value table, Value index, Value to) {
    int64_t bytes = element.getIntOrFloatBitWidth() / 8;
    Value from = emitter.at(table, emitter.mul(index, channels * bytes));
    // One element at a time would do; whole blocks of vectors keep rows of a wide table at memory's speed.
    inUnits(weight::kLanes, 1, [&](Value channel, bool isTail) {
      int64_t lanes = isTail ? 1 : weight::kLanes;
      Value source = emitter.at(from, emitter.mul(channel, bytes));
      Type wide = lanes == 1 ? Type(emitter.getF32Type()) : Type(emitter.vectorType(lanes));
      Type narrow = lanes == 1 ? element : VectorType::get(lanes, element);
      Value value = LLVM::LoadOp::create(emitter, narrow, source, bytes);
      if (narrow != wide)
        value = arith::ExtFOp::create(emitter, wide, value);
      LLVM::StoreOp::create(emitter, value, emitter.at(to, emitter.mul(channel, 4)), 4);
    });
  }

  void copyLane(Value table, Value index, Value to) {
    int64_t panel = layout.getPanel(), step = format->inputStep;
    Value size = emitter.i64(panel);
    Value head = emitter.at(
        table, emitter.mul(arith::DivSIOp::create(emitter, index, size), format->panelBytes(channels, panel)));
    Value column = arith::RemSIOp::create(emitter, index, size);
    Value first = emitter.at(head, panel * format->headBytes);
    inUnits(step, step, [&](Value channel, bool isTail) {
      int64_t count = isTail ? channels % step : step;
      Value group = arith::DivSIOp::create(emitter, channel, emitter.i64(step));
      Value place = emitter.at(first, emitter.mul(group, panel * format->stepBytes));
      SmallVector<Value> inputs = format->emitLoad(emitter, emitter.getLoc(), {head, place, panel, 0});
      for (int64_t i = 0; i < count; ++i) {
        Value value = LLVM::ExtractElementOp::create(emitter, inputs[i], column);
        LLVM::StoreOp::create(emitter, value, emitter.at(emitter.at(to, emitter.mul(channel, 4)), i * 4), 4);
      }
    });
  }

  /// The thread's channels: `width` at a time, then the row's last ones `tail` at a time.
  void inUnits(int64_t width, int64_t tail, llvm::function_ref<void(Value channel, bool isTail)> body) {
    Value begin = emitter.mul(frame.unitBegin, block);
    Value end = emitter.min(emitter.mul(frame.unitEnd, block), emitter.i64(channels));
    Value wholeEnd = emitter.min(end, emitter.i64(channels / width * width));
    emitter.loop(begin, wholeEnd, width, {}, [&](Value channel, ValueRange) -> SmallVector<Value> {
      body(channel, /*isTail=*/false);
      return {};
    });
    if (channels % width == 0)
      return;
    Value rest = arith::MaxSIOp::create(emitter, begin, wholeEnd);
    emitter.loop(rest, end, tail, {}, [&](Value channel, ValueRange) -> SmallVector<Value> {
      body(channel, /*isTail=*/true);
      return {};
    });
  }

  Emitter &emitter;
  const KernelFrame &frame;
  int64_t block, channels;
  Type element;
  weight::LayoutAttr layout; // null for rows of activations
  const weight::Format *format = nullptr;
};

} // namespace

void llvm_backend::tileGather(kernel::GatherOp op, Emitter &emitter, const KernelFrame &frame) {
  GatherTiler(op, emitter, frame).emit();
}
