//===- TileRound.cpp - kernel.quantize to bf16 ----------------------------===//
//
// Must become vcvtneps2bf16 where the target has it.
//
//===----------------------------------------------------------------------===//
#include "compiler/Backends/LLVM/Tilers.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::llvm_backend;
using weight::kLanes;

void llvm_backend::tileRound(kernel::QuantizeOp op, Emitter &emitter, const KernelFrame &frame) {
  int64_t channels = cast<RankedTensorType>(op.getX().getType()).getDimSize(1), block = op.getScheduleAttr().getBlock();
  int64_t outBytes = kernel::rowBytes(cast<RankedTensorType>(op.getType())), whole = channels / kLanes * kLanes;
  Value begin = emitter.mul(frame.unitBegin, block), end = emitter.mul(frame.unitEnd, block);
  auto store = [&](Value in, Value out, Value channel, int64_t valid) {
    Value x = emitter.load(emitter.at(in, emitter.mul(channel, 4)), {kLanes, valid});
    Value rounded = arith::TruncFOp::create(emitter, VectorType::get(kLanes, emitter.getBF16Type()), x);
    Value to = emitter.at(out, emitter.mul(channel, 2));
    for (int64_t i = 0; valid < kLanes && i < valid + valid % 2; ++i)
      LLVM::StoreOp::create(emitter, vector::ExtractOp::create(emitter, rounded, i), emitter.at(to, 2 * i), 2);
    if (valid == kLanes)
      LLVM::StoreOp::create(emitter, rounded, to, 2);
  };
  emitter.loop(frame.rowBegin, frame.rowEnd, 1, {}, [&](Value row, ValueRange) -> SmallVector<Value> {
    Value in = emitter.at(frame.pointers[0], emitter.mul(row, channels * 4));
    Value out = emitter.at(frame.pointers[1], emitter.mul(row, outBytes));
    emitter.loop(begin, emitter.min(end, emitter.i64(whole)), kLanes, {},
                 [&](Value channel, ValueRange) -> SmallVector<Value> {
                   store(in, out, channel, kLanes);
                   return {};
                 });
    if (whole != channels) {
      Value last = emitter.i64(whole);
      Value owned = arith::CmpIOp::create(emitter, arith::CmpIPredicate::sgt, end, last);
      Value inside = arith::CmpIOp::create(emitter, arith::CmpIPredicate::sle, begin, last);
      emitter.when(arith::AndIOp::create(emitter, owned, inside), [&] { store(in, out, last, channels - whole); });
    }
    return {};
  });
}
