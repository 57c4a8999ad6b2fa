//===- WidenedGemm.cpp - Rows times a block of weights at a time ----------===//
//
// A sum waits on the stack while its row's other inputs are widened. Many rows finish a unit before the next one. A few
// have as much to compute as to wait for: they take all units of some inputs, while those of the next come from memory.
//
//===----------------------------------------------------------------------===//
#include "compiler/Backends/LLVM/GemmSums.h"
#include "compiler/Backends/LLVM/WidenedWeights.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::llvm_backend;
using weight::kLanes;

/// Of widened weights: they stay in a core's second-level cache while many rows pass.
static constexpr int64_t kBlockBytes = 128 << 10;

/// The same where a schedule says how many inputs: a thread's stack holds them.
static constexpr int64_t kMostBlockBytes = 1 << 20;

/// Of many, rows whose sums are on the stack: enough that the widening does not count.
static constexpr int64_t kBlockRows = 512;

/// Inputs that a few rows take at once: with all units they stay in a core's second-level cache.
static constexpr int64_t kFewInputs = 64;

/// Inputs that many rows prefetch ahead of what they widen.
static constexpr int64_t kInputsAhead = 32;

/// Inputs of the largest step that a weight is stored in, which is widened as a whole.
static constexpr int64_t kLargestStep = 64;

namespace {

class WidenedGemm {
public:
  WidenedGemm(kernel::GemmOp op, Emitter &emitter, const KernelFrame &frame, WidenedWeights &weights)
      : emitter(emitter), frame(frame), weights(weights), schedule(op.getScheduleAttr()),
        x(cast<RankedTensorType>(op.getX().getType())), groups(dyn_cast_or_null<kernel::GroupsAttr>(x.getEncoding())),
        inputs(x.getDimSize(1)) {
    int64_t step = weights.format.inputStep, stepBytes = weights.columns * weights.format.stepBytes;
    auto stepsOf = [&](int64_t bytes) -> int64_t { return llvm::bit_floor(uint64_t(bytes / stepBytes)) * step; };
    int64_t most = isFew() ? kFewInputs : stepsOf(kBlockBytes);
    if (int64_t wanted = schedule.getTileInputs())
      most = weights.isCopied ? std::min(wanted, stepsOf(kMostBlockBytes)) : wanted;
    blockInputs = std::min<int64_t>(most, llvm::alignTo(inputs, step));
    if (weights.isCopied)
      panel = emitter.stack(llvm::alignTo(blockInputs, kLargestStep) / step * stepBytes);
    sums = emitter.stack(isFew() ? op.getUnits() * unitBytes() : unitBytes());
  }

  void emit() {
    if (isFew())
      return emitFew();
    loop(frame.unitBegin, frame.unitEnd, 1, [&](Value unit) {
      loop(frame.rowBegin, frame.rowEnd, kBlockRows, [&](Value firstRow) {
        Value rows = emitter.min(emitter.sub(frame.rowEnd, firstRow), emitter.i64(kBlockRows));
        clear(sums, rows);
        blocks([&](Value firstInput, Value count) {
          Value block = weights.widen(unit, firstInput, count, panel, kInputsAhead);
          addBlock(block, sums, firstRow, rows, firstInput, count);
        });
        finish(sums, unit, firstRow, rows);
      });
    });
  }

private:
  void loop(Value from, Value to, int64_t step, llvm::function_ref<void(Value)> body) {
    emitter.loop(from, to, step, {}, [&](Value index, ValueRange) -> SmallVector<Value> {
      body(index);
      return {};
    });
  }

  bool isFew() { return schedule.getMostRows() != 0; }
  int64_t unitBytes() { return (isFew() ? schedule.getMostRows() : kBlockRows) * weights.columns * 4; }

  void emitFew() {
    Value rows = emitter.sub(frame.rowEnd, frame.rowBegin);
    auto units = [&](llvm::function_ref<void(Value, Value)> body) {
      loop(frame.unitBegin, frame.unitEnd, 1, [&](Value unit) {
        body(unit, emitter.at(sums, emitter.mul(emitter.sub(unit, frame.unitBegin), unitBytes())));
      });
    };
    units([&](Value, Value own) { clear(own, rows); });
    blocks([&](Value firstInput, Value count) {
      units([&](Value unit, Value own) {
        Value block = weights.widen(unit, firstInput, count, panel, blockInputs);
        addBlock(block, own, frame.rowBegin, rows, firstInput, count);
      });
    });
    units([&](Value unit, Value own) { finish(own, unit, frame.rowBegin, rows); });
  }

  void blocks(llvm::function_ref<void(Value firstInput, Value count)> body) {
    loop(emitter.i64(0), emitter.i64(inputs), blockInputs, [&](Value firstInput) {
      body(firstInput, emitter.min(emitter.sub(emitter.i64(inputs), firstInput), emitter.i64(blockInputs)));
    });
  }

  /// A unit's sums are [rows, columns] from `own` on.
  Value sumAt(Value own, Value row, int64_t column) {
    return emitter.at(emitter.at(own, column * 4), emitter.mul(row, weights.columns * 4));
  }

  void clear(Value own, Value rows) {
    loop(emitter.i64(0), rows, 1, [&](Value row) {
      for (int64_t column = 0; column < weights.columns; column += kLanes)
        emitter.store(emitter.zeros(kLanes), sumAt(own, row, column), {kLanes, kLanes});
    });
  }

  void finish(Value own, Value unit, Value firstRow, Value rows) {
    loop(emitter.i64(0), rows, 1, [&](Value row) {
      SmallVector<Value> vectors;
      for (int64_t column = 0; column < weights.columns; column += kLanes)
        vectors.push_back(emitter.load(sumAt(own, row, column), {kLanes, kLanes}));
      weights.finish(emitter.add(firstRow, row), unit, vectors);
    });
  }

  /// Adds the products of `count` inputs.
  void addBlock(Value block, Value own, Value firstRow, Value rows, Value firstInput, Value count) {
    for (int64_t column = 0; column < weights.columns; column += schedule.getTileColumns()) {
      Value next = emitter.i64(0);
      for (int64_t tile = schedule.getTileRows(); tile > 0;
           tile = tile == 1 ? 0 : llvm::bit_floor(uint64_t(tile - 1)))
        next = addTiles(block, own, next, rows, tile, column, firstRow, firstInput, count);
    }
  }

  Value rowAt(Value row, Value firstInput) {
    Value offset = groups ? emitter.mul(arith::DivUIOp::create(emitter, firstInput, emitter.i64(groups.getSize())),
                                        groups.getGroupBytes())
                          : emitter.mul(firstInput, x.getElementTypeBitWidth() / 8);
    return emitter.at(emitter.at(frame.pointers[0], emitter.mul(row, kernel::rowBytes(x))), offset);
  }

  /// The same for `column` and on, in tiles of `tile` rows, of row `from` and on; returns the first row that is left.
  Value addTiles(Value block, Value own, Value from, Value rows, int64_t tile, int64_t column, Value firstRow,
                 Value firstInput, Value count) {
    Value left = emitter.sub(rows, from);
    Value to = emitter.add(from, emitter.sub(left, arith::RemUIOp::create(emitter, left, emitter.i64(tile))));
    loop(from, to, tile, [&](Value row) {
      int64_t vectors = schedule.getTileColumns() / kLanes;
      Value steps = arith::DivUIOp::create(emitter, count, emitter.i64(weights.format.inputStep));
      GemmTile gemm{weights.format, blockInputs, weights.columns, block, column, vectors, {}, steps, {}};
      for (int64_t i = 0; i < tile; ++i) {
        Value index = emitter.add(row, emitter.i64(i));
        gemm.rows.push_back(rowAt(emitter.add(firstRow, index), firstInput));
        for (int64_t v = 0; v < vectors; ++v)
          gemm.sums.push_back(emitter.load(sumAt(own, index, column + v * kLanes), {kLanes, kLanes}));
      }
      SmallVector<Value> done = emitGemmSums(emitter, gemm, x);
      for (int64_t i = 0; i < tile; ++i)
        for (int64_t v = 0; v < vectors; ++v)
          emitter.store(done[i * vectors + v], sumAt(own, emitter.add(row, emitter.i64(i)), column + v * kLanes),
                        {kLanes, kLanes});
    });
    return to;
  }

  Emitter &emitter;
  const KernelFrame &frame;
  WidenedWeights &weights;
  kernel::ScheduleAttr schedule;
  RankedTensorType x;
  kernel::GroupsAttr groups; // of quantised rows, else null
  int64_t inputs, blockInputs;
  Value panel, sums; // on the stack: widened weights, and sums of a unit, or of all
};

} // namespace

void llvm_backend::emitWidenedGemm(kernel::GemmOp op, Emitter &emitter, const KernelFrame &frame,
                                   WidenedWeights &weights) {
  WidenedGemm(op, emitter, frame, weights).emit();
}
