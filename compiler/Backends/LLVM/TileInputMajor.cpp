//===- TileInputMajor.cpp - kernel.gemm with an input-major weight --------===//
//
// Many rows share the work of widening: a block of kBlockInputs by kInputBlock weights goes to the stack as f32, where
// register tiles read it. A sum waits there, too, while its row's other inputs are widened.
//
//===----------------------------------------------------------------------===//
#include "compiler/Backends/LLVM/GemmEpilogue.h"
#include "compiler/Backends/LLVM/InputMajorGemm.h"
#include "compiler/Backends/LLVM/Tilers.h"
#include "dialects/Quant/Weight.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::llvm_backend;
using weight::kInputBlock;
using weight::kLanes;

/// Inputs whose weights are widened at once: with kInputBlock outputs they stay in a core's second-level cache.
static constexpr int64_t kBlockInputs = 256;

/// Rows whose sums are on the stack: enough that the widening does not count.
static constexpr int64_t kBlockRows = 96;

static const weight::InputMajor &layoutOf(kernel::GemmOp op) {
  auto type = cast<RankedTensorType>(op.getWeight().getType());
  return *weight::findFormat(cast<weight::LayoutAttr>(type.getEncoding()).getFormat())->inputMajor;
}

InputMajorGemm::InputMajorGemm(kernel::GemmOp op, Emitter &emitter, const KernelFrame &frame)
    : op(op), emitter(emitter), frame(frame), layout(layoutOf(op)) {
  auto type = cast<RankedTensorType>(op.getWeight().getType());
  outputs = type.getDimSize(0);
  inputs = type.getDimSize(1);
}

Value InputMajorGemm::row(Value index) { return emitter.at(frame.pointers[0], emitter.mul(index, inputs * 4)); }

Value InputMajorGemm::piece(Value input) {
  Value first = emitter.at(frame.pointers[1], layout.headBytes(outputs));
  return emitter.at(first, emitter.mul(input, layout.pieceBytes(outputs)));
}

SmallVector<Value> InputMajorGemm::codes(Value piece, Value unit) {
  Value codes = emitter.at(piece, emitter.mul(unit, layout.codeBytes));
  return layout.emitLoad(emitter, emitter.getLoc(), codes, emitter.getFeatures());
}

void InputMajorGemm::finish(Value row, Value unit, ArrayRef<Value> sums) {
  int64_t last = outputs / kInputBlock, rest = outputs % kInputBlock;
  if (!rest)
    return finishBlock(row, unit, kInputBlock, sums);
  Value whole = arith::CmpIOp::create(emitter, arith::CmpIPredicate::slt, unit, emitter.i64(last));
  emitter.when(whole, [&] { finishBlock(row, unit, kInputBlock, sums); });
  Value part = arith::CmpIOp::create(emitter, arith::CmpIPredicate::eq, unit, emitter.i64(last));
  emitter.when(part, [&] { finishBlock(row, unit, rest, sums); });
}

void InputMajorGemm::finishBlock(Value row, Value unit, int64_t valid, ArrayRef<Value> sums) {
  Value output = emitter.mul(unit, kInputBlock);
  for (int64_t v = 0; v * kLanes < valid; ++v) {
    Value first = emitter.add(output, emitter.i64(v * kLanes)), sum = sums[v];
    if (layout.levelOutputs) {
      Value scales = emitter.load(emitter.at(frame.pointers[1], emitter.mul(first, 4)), {kLanes, kLanes});
      sum = arith::MulFOp::create(emitter, sum, scales);
    }
    emitGemmEpilogue(op, emitter, frame, row, first, {kLanes, std::min(kLanes, valid - v * kLanes)}, sum);
  }
}

namespace {

class ManyRows {
public:
  explicit ManyRows(InputMajorGemm &gemm)
      : gemm(gemm), emitter(gemm.emitter), frame(gemm.frame), schedule(gemm.op.getScheduleAttr()) {
    widened = emitter.stack(kBlockInputs * kInputBlock * 4);
    sums = emitter.stack(kBlockRows * kInputBlock * 4);
  }

  void emit() {
    loop(frame.unitBegin, frame.unitEnd, 1, [&](Value unit) {
      loop(frame.rowBegin, frame.rowEnd, kBlockRows, [&](Value firstRow) {
        Value rows = emitter.min(emitter.sub(frame.rowEnd, firstRow), emitter.i64(kBlockRows));
        emitBlockOfRows(unit, firstRow, rows);
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

  static constexpr int64_t kRowBytes = kInputBlock * 4;

  void emitBlockOfRows(Value unit, Value firstRow, Value rows) {
    loop(emitter.i64(0), rows, 1, [&](Value row) {
      for (int64_t v = 0; v < kBlockVectors; ++v)
        emitter.store(emitter.zeros(kLanes), vector(sums, row, v), {kLanes, kLanes});
    });
    loop(emitter.i64(0), emitter.i64(gemm.inputs), kBlockInputs, [&](Value firstInput) {
      Value left = emitter.sub(emitter.i64(gemm.inputs), firstInput);
      Value count = emitter.min(left, emitter.i64(kBlockInputs));
      loop(emitter.i64(0), count, 1, [&](Value k) { widen(unit, emitter.add(firstInput, k), k); });
      for (int64_t column = 0; column < kBlockVectors; column += schedule.getTileColumns() / kLanes) {
        Value next = emitter.i64(0);
        for (int64_t tile = schedule.getTileRows(); tile > 0;
             tile = tile == 1 ? 0 : llvm::bit_floor(uint64_t(tile - 1)))
          next = emitTiles(next, rows, tile, column, firstRow, firstInput, count);
      }
    });
    loop(emitter.i64(0), rows, 1, [&](Value row) {
      SmallVector<Value> vectors;
      for (int64_t v = 0; v < kBlockVectors; ++v)
        vectors.push_back(emitter.load(vector(sums, row, v), {kLanes, kLanes}));
      gemm.finish(emitter.add(firstRow, row), unit, vectors);
    });
  }

  Value vector(Value matrix, Value row, int64_t v) {
    return emitter.at(emitter.at(matrix, v * kLanes * 4), emitter.mul(row, kRowBytes));
  }

  /// Writes a unit's weights of `input` as the k-th that are widened.
  void widen(Value unit, Value input, Value k) {
    Value piece = gemm.piece(input);
    SmallVector<Value> weights = gemm.codes(piece, unit);
    for (int64_t v = 0; v < kBlockVectors; ++v) {
      if (int64_t group = gemm.layout.levelOutputs) {
        Value levels = emitter.at(gemm.levels(piece), emitter.mul(unit, kInputBlock / group));
        Value level = LLVM::LoadOp::create(emitter, emitter.getI8Type(), emitter.at(levels, v * kLanes / group), 1);
        level = arith::SIToFPOp::create(emitter, emitter.getF32Type(), level);
        weights[v] = arith::MulFOp::create(emitter, weights[v], emitter.splat(level, kLanes));
      }
      emitter.store(weights[v], vector(widened, k, v), {kLanes, kLanes});
    }
  }

  /// Adds `count` inputs in tiles of `tile` rows, from the block's row `from` on; returns the first row that is left.
  Value emitTiles(Value from, Value rows, int64_t tile, int64_t column, Value firstRow, Value firstInput, Value count) {
    Value left = emitter.sub(rows, from);
    Value to = emitter.add(from, emitter.sub(left, arith::RemUIOp::create(emitter, left, emitter.i64(tile))));
    loop(from, to, tile, [&](Value row) {
      int64_t width = schedule.getTileColumns() / kLanes;
      SmallVector<Value> pointers, start;
      for (int64_t i = 0; i < tile; ++i) {
        Value index = emitter.add(row, emitter.i64(i));
        pointers.push_back(emitter.at(gemm.row(emitter.add(firstRow, index)), emitter.mul(firstInput, 4)));
        for (int64_t v = 0; v < width; ++v)
          start.push_back(emitter.load(vector(sums, index, column + v), {kLanes, kLanes}));
      }
      ValueRange done = emitter.loop(emitter.i64(0), count, 1, start, [&](Value k, ValueRange carried) {
        SmallVector<Value> next(carried);
        for (int64_t v = 0; v < width; ++v) {
          Value weights = emitter.load(vector(widened, k, column + v), {kLanes, kLanes});
          for (int64_t i = 0; i < tile; ++i) {
            Value x = emitter.splat(emitter.loadScalar(emitter.at(pointers[i], emitter.mul(k, 4))), kLanes);
            Value &sum = next[i * width + v];
            sum = math::FmaOp::create(emitter, x, weights, sum);
          }
        }
        return next;
      });
      for (int64_t i = 0; i < tile; ++i)
        for (int64_t v = 0; v < width; ++v)
          emitter.store(done[i * width + v], vector(sums, emitter.add(row, emitter.i64(i)), column + v),
                        {kLanes, kLanes});
    });
    return to;
  }

  InputMajorGemm &gemm;
  Emitter &emitter;
  const KernelFrame &frame;
  kernel::ScheduleAttr schedule;
  Value widened, sums; // on the stack: [kBlockInputs, kInputBlock] and [kBlockRows, kInputBlock]
};

} // namespace

void llvm_backend::tileInputMajor(kernel::GemmOp op, Emitter &emitter, const KernelFrame &frame) {
  InputMajorGemm gemm(op, emitter, frame);
  Value rows = emitter.sub(frame.rowEnd, frame.rowBegin);
  Value isOne = arith::CmpIOp::create(emitter, arith::CmpIPredicate::eq, rows, emitter.i64(1));
  emitter.when(isOne, [&] { emitActiveSums(gemm); });
  Value isMany = arith::CmpIOp::create(emitter, arith::CmpIPredicate::sgt, rows, emitter.i64(1));
  emitter.when(isMany, [&] { ManyRows(gemm).emit(); });
}
