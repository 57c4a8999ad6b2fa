//===- TileGather.cpp - kernel.gather to loops over vectors ---------------===//
#include "compiler/Backends/LLVM/Tilers.h"
#include "dialects/Quant/Weight.h"

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::llvm_backend;

void llvm_backend::tileGather(kernel::GatherOp op, Emitter &emitter, const KernelFrame &frame) {
  auto type = cast<RankedTensorType>(op.getTable().getType());
  Type element = type.getElementType();
  if (auto layout = dyn_cast_or_null<weight::LayoutAttr>(type.getEncoding()))
    element = weight::findFormat(layout.getFormat())->elementType(op.getContext());
  int64_t channels = type.getDimSize(1), bytes = element.getIntOrFloatBitWidth() / 8;
  int64_t block = op.getScheduleAttr().getBlock();
  Value table = frame.pointers[0], index = frame.pointers[1], out = frame.pointers[2];

  // One element at a time would do; whole blocks of vectors keep rows of a wide table at memory's speed.
  auto copy = [&](Value from, Value to, Value channel, int64_t lanes) {
    Value source = emitter.at(from, emitter.mul(channel, bytes));
    Type wide = lanes == 1 ? Type(emitter.getF32Type()) : Type(emitter.vectorType(lanes));
    Type narrow = lanes == 1 ? element : VectorType::get(lanes, element);
    Value value = LLVM::LoadOp::create(emitter, narrow, source, bytes);
    if (narrow != wide)
      value = arith::ExtFOp::create(emitter, wide, value);
    LLVM::StoreOp::create(emitter, value, emitter.at(to, emitter.mul(channel, 4)), 4);
  };

  emitter.loop(frame.rowBegin, frame.rowEnd, 1, {}, [&](Value row, ValueRange) -> SmallVector<Value> {
    Value narrow = LLVM::LoadOp::create(emitter, emitter.getI32Type(), emitter.at(index, emitter.mul(row, 4)), 4);
    Value wide = arith::ExtSIOp::create(emitter, emitter.getI64Type(), narrow);
    Value from = emitter.at(table, emitter.mul(wide, channels * bytes));
    Value to = emitter.at(out, emitter.mul(row, channels * 4));

    Value begin = emitter.mul(frame.unitBegin, block);
    Value end = emitter.min(emitter.mul(frame.unitEnd, block), emitter.i64(channels));
    Value vectorEnd = emitter.min(end, emitter.i64(channels / weight::kLanes * weight::kLanes));
    emitter.loop(begin, vectorEnd, weight::kLanes, {}, [&](Value channel, ValueRange) -> SmallVector<Value> {
      copy(from, to, channel, weight::kLanes);
      return {};
    });
    Value tail = arith::MaxSIOp::create(emitter, begin, vectorEnd);
    emitter.loop(tail, end, 1, {}, [&](Value channel, ValueRange) -> SmallVector<Value> {
      copy(from, to, channel, 1);
      return {};
    });
    return {};
  });
}
