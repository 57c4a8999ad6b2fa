//===- TileChannels.cpp - A scan over whole rows to loops over channels ---===//
//
// A reduction needs every channel before any output can be made, so each gets a loop of its
// own that recomputes what it reads. Every thread reduces the whole row, but makes only the
// outputs and states of its own channels: no thread waits for another.
//
//===----------------------------------------------------------------------===//
#include "compiler/Backends/LLVM/Tilers.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::llvm_backend;
using weight::kLanes;

namespace {

class ChannelTiler {
public:
  ChannelTiler(kernel::ScanOp op, Emitter &emitter, const KernelFrame &frame)
      : op(op), emitter(emitter), frame(frame), body(op.getBody().front()), channels(op.getChannels()),
        block(op.getScheduleAttr().getBlock()), lanes(block % (4 * kLanes) ? kLanes : 4 * kLanes) {}

  void emit() {
    emitter.loop(frame.rowBegin, frame.rowEnd, 1, {}, [&](Value row, ValueRange) -> SmallVector<Value> {
      rowBytes = emitter.mul(row, channels * 4);
      scalars = IRMapping();
      for (Operation &inner : body.without_terminator()) {
        if (!inner.getResult(0).getType().isF32())
          continue; // computed where a loop needs it
        if (auto reduce = dyn_cast<kernel::ReduceOp>(inner))
          scalars.map(reduce.getResult(), emitReduction(reduce));
        else
          scalars.map(inner.getResult(0), emitter.lift(&inner, scalars, 0));
      }
      emitOutputs();
      return {};
    });
  }

private:
  /// `value` at `lanes` channels from `bytes` on; `chunk` holds what is computed there already.
  Value emitChunk(Value value, Value bytes, Lanes lanes, IRMapping &chunk) {
    if (Value known = chunk.lookupOrNull(value))
      return known;
    Value result;
    if (auto argument = dyn_cast<BlockArgument>(value)) {
      unsigned index = argument.getArgNumber();
      Value pointer = emitter.at(frame.pointers[index], bytes);
      result = emitter.load(index < op.getRows().size() ? emitter.at(pointer, rowBytes) : pointer, lanes);
    } else if (auto broadcast = value.getDefiningOp<kernel::BroadcastOp>()) {
      result = emitter.splat(scalars.lookup(broadcast.getValue()), lanes.width);
    } else {
      Operation *inner = value.getDefiningOp();
      for (Value operand : inner->getOperands())
        emitChunk(operand, bytes, lanes, chunk);
      result = emitter.lift(inner, chunk, lanes.width);
    }
    chunk.map(value, result);
    return result;
  }

  Value combine(kernel::Combiner combiner, Value a, Value b) {
    if (combiner == kernel::Combiner::Add)
      return arith::AddFOp::create(emitter, a, b);
    return arith::MaximumFOp::create(emitter, a, b);
  }

  Value neutral(kernel::Combiner combiner, int64_t width) {
    return combiner == kernel::Combiner::Add ? emitter.zeros(width) : emitter.splat(emitter.f32(-INFINITY), width);
  }

  Value reduceLanes(kernel::Combiner combiner, Value vector) {
    auto kind = combiner == kernel::Combiner::Add ? vector::CombiningKind::ADD : vector::CombiningKind::MAXIMUMF;
    // Any order of the lanes will do, so long as it is always the same.
    return vector::ReductionOp::create(emitter, kind, vector, arith::FastMathFlags::reassoc);
  }

  Value emitReduction(kernel::ReduceOp reduce) {
    int64_t whole = channels / lanes * lanes;
    ValueRange partial =
        emitter.loop(emitter.i64(0), emitter.i64(whole), lanes, neutral(reduce.getCombiner(), lanes),
                     [&](Value channel, ValueRange carried) -> SmallVector<Value> {
                       IRMapping chunk;
                       Value value = emitChunk(reduce.getValue(), emitter.mul(channel, 4), {lanes, lanes}, chunk);
                       return {combine(reduce.getCombiner(), carried[0], value)};
                     });
    Value result = reduceLanes(reduce.getCombiner(), partial[0]);
    forTail([&](Value bytes, Lanes tail) {
      IRMapping chunk;
      Value value = emitChunk(reduce.getValue(), bytes, tail, chunk);
      // A lane outside of the row must not count, whatever the body made of it.
      if (!tail.whole()) {
        SmallVector<int64_t> inside(tail.width);
        for (int64_t i = 0; i < tail.width; ++i)
          inside[i] = i < tail.valid ? i : tail.width;
        value = vector::ShuffleOp::create(emitter, value, neutral(reduce.getCombiner(), tail.width), inside);
      }
      result = combine(reduce.getCombiner(), result, reduceLanes(reduce.getCombiner(), value));
    });
    return result;
  }

  /// The channels that no whole chunk holds.
  void forTail(function_ref<void(Value bytes, Lanes lanes)> emitTail) {
    for (int64_t channel = channels / lanes * lanes; channel < channels; channel += kLanes)
      emitTail(emitter.i64(channel * 4), {kLanes, std::min(kLanes, channels - channel)});
  }

  void emitOutputs() {
    Value begin = emitter.mul(frame.unitBegin, block);
    Value end = emitter.min(emitter.mul(frame.unitEnd, block), emitter.i64(channels / lanes * lanes));
    emitter.loop(begin, end, lanes, {}, [&](Value channel, ValueRange) -> SmallVector<Value> {
      emitYields(emitter.mul(channel, 4), {lanes, lanes});
      return {};
    });
    if (channels % lanes == 0)
      return;
    // The last unit's owner has the tail.
    Value last = emitter.i64(op.getUnits());
    Value owned = arith::CmpIOp::create(emitter, arith::CmpIPredicate::eq, frame.unitEnd, last);
    emitter.when(owned, [&] { forTail([&](Value bytes, Lanes tail) { emitYields(bytes, tail); }); });
  }

  void emitYields(Value bytes, Lanes lanes) {
    IRMapping chunk;
    SmallVector<Value> values;
    for (Value yielded : body.getTerminator()->getOperands())
      values.push_back(emitChunk(yielded, bytes, lanes, chunk));
    unsigned outputs = op.getNumOutputs(), firstState = op.getNumOperands() - op.getStates().size();
    for (auto [i, value] : llvm::enumerate(values)) {
      bool isOutput = i < outputs;
      Value pointer = emitter.at(frame.pointers[isOutput ? op.getNumOperands() + i : firstState + i - outputs], bytes);
      emitter.store(value, isOutput ? emitter.at(pointer, rowBytes) : pointer, lanes);
    }
  }

  kernel::ScanOp op;
  Emitter &emitter;
  const KernelFrame &frame;
  Block &body;
  int64_t channels, block, lanes;
  Value rowBytes;    // offset of the current row
  IRMapping scalars; // of the current row
};

} // namespace

void llvm_backend::tileChannels(kernel::ScanOp op, Emitter &emitter, const KernelFrame &frame) {
  ChannelTiler(op, emitter, frame).emit();
}
