//===- ActiveSums.cpp - One row times the weights that it needs -----------===//
//
// Sums lie on the stack, so that each thread reads as long a part of an input's weights as it can: memory is slow to
// begin, and the shorter the part, the more is fetched beside it. In an inner loop, four inputs must become, for each
// 16 outputs: a load of the sums, four times the widening of weights and a vfmadd231ps, a store; and four prefetches
// for each cache line.
//
//===----------------------------------------------------------------------===//
#include "compiler/Backends/LLVM/ActiveInputs.h"
#include "compiler/Backends/LLVM/InputMajorGemm.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::llvm_backend;
using weight::kLanes;

namespace {

class ActiveSums {
public:
  explicit ActiveSums(InputMajorGemm &gemm)
      : gemm(gemm), emitter(gemm.emitter), frame(gemm.frame), active(gemm.emitter, gemm.inputs),
        blocks(llvm::divideCeilSigned(gemm.outputs, weight::kInputBlock)),
        blockLevels(gemm.layout.levelOutputs ? weight::kInputBlock / gemm.layout.levelOutputs : 0),
        rowLevels(llvm::alignTo(blocks * blockLevels, kLanes)) {
    sums = emitter.stack(blocks * weight::kInputBlock * 4);
    if (blockLevels)
      factors = emitter.stack(kActiveGroup * rowLevels * 4);
  }

  void emit() {
    active.emitFind(emitter, gemm.row(frame.rowBegin), !gemm.op.getScheduleAttr().getSkipZeros());
    units([&](Value unit) {
      for (int64_t v = 0; v < kBlockVectors; ++v)
        emitter.store(emitter.zeros(kLanes), sum(unit, v), {kLanes, kLanes});
    });
    emitter.loop(emitter.i64(0), active.emitGroups(emitter), 1, {}, [&](Value group, ValueRange) -> SmallVector<Value> {
      emitGroup(group);
      return {};
    });
    units([&](Value unit) { gemm.finish(frame.rowBegin, unit, load(unit)); });
  }

private:
  void units(llvm::function_ref<void(Value unit)> body) {
    emitter.loop(frame.unitBegin, frame.unitEnd, 1, {}, [&](Value unit, ValueRange) -> SmallVector<Value> {
      body(unit);
      return {};
    });
  }

  Value sum(Value unit, int64_t v) {
    return emitter.at(sums, emitter.add(emitter.mul(unit, weight::kInputBlock * 4), emitter.i64(v * kLanes * 4)));
  }

  SmallVector<Value> load(Value unit) {
    SmallVector<Value> vectors;
    for (int64_t v = 0; v < kBlockVectors; ++v)
      vectors.push_back(emitter.load(sum(unit, v), {kLanes, kLanes}));
    return vectors;
  }

  void emitGroup(Value group) {
    Value following = emitter.add(group, emitter.i64(kGroupsAhead));
    SmallVector<Value> values, pieces, next;
    for (int64_t i = 0; i < kActiveGroup; ++i) {
      values.push_back(active.emitValue(emitter, group, i));
      pieces.push_back(gemm.piece(active.emitInput(emitter, group, i)));
      next.push_back(gemm.piece(active.emitInput(emitter, following, i)));
    }
    if (blockLevels)
      scaleLevels(values, pieces, next);
    units([&](Value unit) {
      SmallVector<Value> vectors = load(unit);
      for (int64_t i = 0; i < kActiveGroup; ++i) {
        SmallVector<Value> codes = gemm.codes(pieces[i], unit);
        for (int64_t v = 0; v < kBlockVectors; ++v)
          vectors[v] = math::FmaOp::create(emitter, factor(values[i], i, unit, v), codes[v], vectors[v]);
        emitter.prefetch(emitter.at(next[i], emitter.mul(unit, gemm.layout.codeBytes)), gemm.layout.codeBytes);
      }
      for (int64_t v = 0; v < kBlockVectors; ++v)
        emitter.store(vectors[v], sum(unit, v), {kLanes, kLanes});
    });
  }

  /// Writes each input times its levels, of the vectors of levels that hold this thread's units.
  void scaleLevels(ArrayRef<Value> values, ArrayRef<Value> pieces, ArrayRef<Value> next) {
    auto align = [&](Value unit, int64_t more) {
      Value level = emitter.add(emitter.mul(unit, blockLevels), emitter.i64(more));
      return arith::SubIOp::create(emitter, level, arith::RemUIOp::create(emitter, level, emitter.i64(kLanes)));
    };
    Value from = align(frame.unitBegin, 0), to = align(frame.unitEnd, kLanes - 1);
    auto bytes = VectorType::get(kLanes, emitter.getI8Type());
    for (int64_t i = 0; i < kActiveGroup; ++i) {
      Value levels = gemm.levels(pieces[i]);
      Value value = emitter.splat(values[i], kLanes);
      emitter.loop(from, to, kLanes, {}, [&](Value level, ValueRange) -> SmallVector<Value> {
        Value loaded = LLVM::LoadOp::create(emitter, bytes, emitter.at(levels, level), /*alignment=*/16);
        loaded = arith::SIToFPOp::create(emitter, emitter.vectorType(kLanes), loaded);
        Value place = emitter.at(emitter.at(factors, i * rowLevels * 4), emitter.mul(level, 4));
        emitter.store(arith::MulFOp::create(emitter, value, loaded), place, {kLanes, kLanes});
        return {};
      });
      emitter.prefetch(gemm.levels(next[i]), blocks * blockLevels);
    }
  }

  /// What a unit's v-th vector of codes is multiplied with.
  Value factor(Value value, int64_t i, Value unit, int64_t v) {
    if (!blockLevels)
      return emitter.splat(value, kLanes);
    int64_t level = i * rowLevels + v * kLanes / gemm.layout.levelOutputs;
    Value place = emitter.at(emitter.at(factors, level * 4), emitter.mul(unit, blockLevels * 4));
    return emitter.splat(emitter.loadScalar(place), kLanes);
  }

  InputMajorGemm &gemm;
  Emitter &emitter;
  const KernelFrame &frame;
  ActiveInputs active;
  int64_t blocks, blockLevels, rowLevels; // levels of a block, and room for those of all blocks
  Value sums, factors;                    // on the stack: [outputs], and [kActiveGroup, levels]
};

} // namespace

void llvm_backend::emitActiveSums(InputMajorGemm &gemm) { ActiveSums(gemm).emit(); }
