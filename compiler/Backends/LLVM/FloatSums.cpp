//===- FloatSums.cpp - Sums of f32 products -------------------------------===//
//
// In one order of inputs whatever the tile, so a row's result does not depend on how many rows came with it. With bf16
// weights and 64 columns the inner loop must become, per row and pair of inputs: two broadcasts and eight vfmadd231ps
// on zmm, and no store.
//
//===----------------------------------------------------------------------===//
#include "compiler/Backends/LLVM/GemmSums.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::llvm_backend;
using weight::kLanes;

SmallVector<Value> llvm_backend::emitFloatSums(Emitter &emitter, const GemmTile &tile) {
  int64_t step = tile.format.inputStep, rows = tile.rows.size();
  SmallVector<Value> sums = tile.start(emitter);
  Value steps = tile.firstStep(emitter);
  auto accumulate = [&](Value index, int64_t count, MutableArrayRef<Value> sums) {
    Value pointer = emitter.at(steps, emitter.mul(index, tile.stepBytes()));
    tile.prefetch(emitter, pointer, tile.format.stepBytes);
    SmallVector<SmallVector<Value>> loaded;
    for (int64_t v = 0; v < tile.vectors; ++v)
      loaded.push_back(tile.format.emitLoad(emitter, emitter.getLoc(),
                                            {tile.weights, pointer, tile.panel, tile.column + v * kLanes}));
    Value input = emitter.mul(index, step * 4);
    for (int64_t k = 0; k < count; ++k)
      for (int64_t i = 0; i < rows; ++i) {
        Value value = emitter.loadScalar(emitter.at(emitter.at(tile.rows[i], input), k * 4));
        Value repeated = emitter.splat(value, kLanes);
        for (int64_t v = 0; v < tile.vectors; ++v) {
          Value &sum = sums[i * tile.vectors + v];
          sum = math::FmaOp::create(emitter, repeated, loaded[v][k], sum);
        }
      }
  };
  ValueRange looped =
      emitter.loop(emitter.i64(0), tile.steps(emitter, tile.inputs / step), 1, sums, [&](Value index, ValueRange carried) {
        SmallVector<Value> next(carried);
        accumulate(index, step, next);
        return next;
      });
  sums.assign(looped.begin(), looped.end());
  if (!tile.wholeSteps && tile.inputs % step)
    accumulate(emitter.i64(tile.inputs / step), tile.inputs % step, sums);
  return sums;
}
