//===- PairSums.cpp - Sums of bf16 products, two at a time ----------------===//
//
// With 64 columns the inner loop must become, per pair of inputs: four loads of weights, one broadcast of a pair a row,
// four vdpbf16ps on zmm a row, and no store.
//
//===----------------------------------------------------------------------===//
#include "compiler/Backends/LLVM/GemmSums.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::llvm_backend;
using weight::kLanes;

SmallVector<Value> llvm_backend::emitPairSums(Emitter &emitter, const GemmTile &tile) {
  int64_t rows = tile.rows.size();
  Type i32 = emitter.getI32Type();
  auto lanes = VectorType::get(kLanes, i32), pairs = VectorType::get(2 * kLanes, emitter.getBF16Type());
  Value steps = tile.firstStep(emitter), count = tile.steps(emitter, llvm::divideCeilSigned(tile.inputs, 2));
  ValueRange looped = emitter.loop(emitter.i64(0), count, 1, tile.start(emitter), [&](Value index, ValueRange carried) {
    SmallVector<Value> next(carried), weights;
    Value step = emitter.at(steps, emitter.mul(index, tile.stepBytes()));
    for (int64_t v = 0; v < tile.vectors; ++v)
      weights.push_back(LLVM::LoadOp::create(emitter, pairs, emitter.at(step, 4 * (tile.column + v * kLanes)), 64));
    tile.prefetch(emitter, step, 4);
    for (int64_t i = 0; i < rows; ++i) {
      Value pair = LLVM::LoadOp::create(emitter, i32, emitter.at(tile.rows[i], emitter.mul(index, 4)), 4);
      Value x = vector::BitCastOp::create(emitter, pairs, vector::BroadcastOp::create(emitter, lanes, pair));
      for (int64_t v = 0; v < tile.vectors; ++v) {
        Value &sum = next[i * tile.vectors + v];
        sum = LLVM::CallIntrinsicOp::create(emitter, sum.getType(),
                                            emitter.getStringAttr("llvm.x86.avx512bf16.dpbf16ps.512"),
                                            ValueRange{sum, weights[v], x})
                  ->getResult(0);
      }
    }
    return next;
  });
  return llvm::to_vector(looped);
}
