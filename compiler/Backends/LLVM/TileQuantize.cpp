//===- TileQuantize.cpp - kernel.quantize to loops over groups ------------===//
#include "compiler/Backends/LLVM/Tilers.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::llvm_backend;
using weight::kLanes;

namespace {

class QuantizeTiler {
public:
  QuantizeTiler(kernel::QuantizeOp op, Emitter &emitter, const KernelFrame &frame)
      : emitter(emitter), frame(frame), groups(op.getGroups()),
        channels(cast<RankedTensorType>(op.getX().getType()).getDimSize(1)),
        groupsOfUnit(op.getScheduleAttr().getBlock() / groups.getSize()),
        integers(VectorType::get(kLanes, emitter.getI32Type())) {}

  void emit() {
    int64_t size = groups.getSize(), whole = channels / size;
    Value begin = emitter.mul(frame.unitBegin, groupsOfUnit), past = emitter.mul(frame.unitEnd, groupsOfUnit);
    emitter.loop(frame.rowBegin, frame.rowEnd, 1, {}, [&](Value row, ValueRange) -> SmallVector<Value> {
      Value in = emitter.at(frame.pointers[0], emitter.mul(row, channels * 4));
      Value out = emitter.at(frame.pointers[1], emitter.mul(row, groups.getRowBytes(channels)));
      emitter.loop(begin, emitter.min(past, emitter.i64(whole)), 1, {},
                   [&](Value group, ValueRange) -> SmallVector<Value> {
                     emitGroup(in, out, group, size);
                     return {};
                   });
      if (channels % size) {
        Value last = emitter.i64(whole);
        Value owned = arith::CmpIOp::create(emitter, arith::CmpIPredicate::sgt, past, last);
        emitter.when(owned, [&] { emitGroup(in, out, last, channels % size); });
      }
      return {};
    });
  }

private:
  Value splat(int32_t value) {
    return arith::ConstantOp::create(emitter, DenseElementsAttr::get(integers, APInt(32, value, true)));
  }

  /// The first `valid` inputs of a group; the others are zero.
  void emitGroup(Value in, Value out, Value group, int64_t valid) {
    int64_t size = groups.getSize();
    Value from = emitter.at(in, emitter.mul(group, size * 4));
    Value to = emitter.at(out, emitter.mul(group, groups.getGroupBytes()));

    SmallVector<Value> x;
    for (int64_t first = 0; first < size; first += kLanes)
      x.push_back(first < valid ? emitter.load(emitter.at(from, first * 4), {kLanes, std::min(kLanes, valid - first)})
                                : emitter.zeros(kLanes));
    Value largest;
    for (Value vector : x) {
      Value magnitude = math::AbsFOp::create(emitter, vector);
      largest = largest ? arith::MaximumFOp::create(emitter, largest, magnitude).getResult() : magnitude;
    }
    largest = vector::ReductionOp::create(emitter, vector::CombiningKind::MAXIMUMF, largest);
    Value scale = arith::DivFOp::create(emitter, largest, emitter.f32(float(groups.getLargest())));
    Value isZero = arith::CmpFOp::create(emitter, arith::CmpFPredicate::OEQ, scale, emitter.f32(0));
    Value divided = arith::DivFOp::create(emitter, emitter.f32(1), scale);
    Value inverse = arith::SelectOp::create(emitter, isZero, emitter.f32(0), divided);
    Value factor = emitter.splat(inverse, kLanes);

    Value sum;
    for (auto [i, vector] : llvm::enumerate(x)) {
      Value rounded = math::RoundEvenOp::create(emitter, arith::MulFOp::create(emitter, vector, factor));
      Value q = arith::FPToSIOp::create(emitter, integers, rounded);
      sum = sum ? arith::AddIOp::create(emitter, sum, q).getResult() : q;
      if (groups.getOrder() == kernel::ByteOrder::Bytes)
        storeBytes(q, emitter.at(to, i * kLanes));
      else
        storePairs(q, emitter.at(to, i * kLanes));
    }
    LLVM::StoreOp::create(emitter, scale, emitter.at(to, groups.getIntegerBytes()), 4);
    Value total = vector::ReductionOp::create(emitter, vector::CombiningKind::ADD, sum);
    Value factor128 = arith::ConstantOp::create(emitter, emitter.getI32IntegerAttr(-128));
    LLVM::StoreOp::create(emitter, arith::MulIOp::create(emitter, total, factor128),
                          emitter.at(to, groups.getIntegerBytes() + 4), 4);
  }

  void storeBytes(Value q, Value to) {
    auto bytes = VectorType::get(kLanes, emitter.getI8Type());
    if (groups.getBits() == 8) {
      LLVM::StoreOp::create(emitter, arith::TruncIOp::create(emitter, bytes, q), to, 1);
      return;
    }
    Value upper = arith::ShRSIOp::create(emitter, arith::AddIOp::create(emitter, q, splat(128)), splat(8));
    LLVM::StoreOp::create(emitter, arith::TruncIOp::create(emitter, bytes, upper), to, 1);
    // What the upper byte has been rounded to leaves -128 to 127.
    LLVM::StoreOp::create(emitter, arith::TruncIOp::create(emitter, bytes, q), emitter.at(to, groups.getSize()), 1);
  }

  void storePairs(Value q, Value to) {
    Value words = arith::TruncIOp::create(emitter, VectorType::get(kLanes, emitter.getI16Type()), q);
    for (int64_t odd : {0, 1}) {
      SmallVector<int64_t> picked;
      for (int64_t i = odd; i < kLanes; i += 2)
        picked.push_back(i);
      Value half = vector::ShuffleOp::create(emitter, words, words, picked);
      LLVM::StoreOp::create(emitter, half, emitter.at(to, odd * groups.getSize()), 1);
    }
  }

  Emitter &emitter;
  const KernelFrame &frame;
  kernel::GroupsAttr groups;
  int64_t channels, groupsOfUnit;
  VectorType integers;
};

} // namespace

void llvm_backend::tileQuantize(kernel::QuantizeOp op, Emitter &emitter, const KernelFrame &frame) {
  if (op.getGroups())
    QuantizeTiler(op, emitter, frame).emit();
  else
    tileRound(op, emitter, frame);
}
