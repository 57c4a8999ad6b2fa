//===- LaneSums.cpp - Sums over the lanes of several vectors --------------===//
//
// A vector holds pieces, one of each of its rows. Halving the pieces of two vectors leaves room to join them, so that
// four vectors take 8 shuffles and 5 sums, where one alone takes 4 and 4.
//
//===----------------------------------------------------------------------===//
#include "compiler/Backends/LLVM/LaneSums.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::llvm_backend;
using weight::kLanes;

Value llvm_backend::combineLanes(Emitter &emitter, ArrayRef<Value> vectors,
                                 llvm::function_ref<Value(Value, Value)> combine) {
  SmallVector<Value> packed(vectors);
  for (int64_t width = kLanes; width > 1; width /= 2) {
    // Of each piece of two vectors the half that begins at `offset`.
    auto halves = [&](Value first, Value second, int64_t offset) -> Value {
      SmallVector<int64_t> picked;
      for (int64_t piece = 0; piece < 2 * kLanes; piece += width)
        for (int64_t lane = 0; lane < width / 2; ++lane)
          picked.push_back(piece + offset + lane);
      return vector::ShuffleOp::create(emitter, first, second, picked);
    };
    auto swapped = [&](Value only) -> Value {
      SmallVector<int64_t> picked;
      for (int64_t lane = 0; lane < kLanes; ++lane)
        picked.push_back(lane ^ (width / 2));
      return vector::ShuffleOp::create(emitter, only, only, picked);
    };
    if (packed.size() == 1) {
      packed[0] = combine(packed[0], swapped(packed[0]));
      continue;
    }
    SmallVector<Value> next;
    for (size_t i = 0; i < packed.size(); i += 2)
      next.push_back(combine(halves(packed[i], packed[i + 1], 0), halves(packed[i], packed[i + 1], width / 2)));
    packed = next;
  }
  SmallVector<int64_t> picked;
  for (size_t i = 0; i < vectors.size(); ++i)
    picked.push_back(i * (kLanes / vectors.size()));
  return vector::ShuffleOp::create(emitter, packed[0], packed[0], picked);
}
