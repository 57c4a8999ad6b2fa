//===- TileQuantize.cpp - kernel.quantize to loops over groups ------------===//
//
// The groups of a unit are scaled together: one division serves all, and what is joined over lanes takes 8 shuffles for
// four groups, not 4 for each.
//
//===----------------------------------------------------------------------===//
#include "compiler/Backends/LLVM/LaneSums.h"
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
    int64_t whole = channels / (groupsOfUnit * groups.getSize());
    int64_t atOnce = std::min(groupsOfUnit & -groupsOfUnit, kLanes); // a power of two
    emitter.loop(frame.rowBegin, frame.rowEnd, 1, {}, [&](Value row, ValueRange) -> SmallVector<Value> {
      Value in = emitter.at(frame.pointers[0], emitter.mul(row, channels * 4));
      Value out = emitter.at(frame.pointers[1], emitter.mul(row, groups.getRowBytes(channels)));
      Value end = emitter.min(frame.unitEnd, emitter.i64(whole));
      emitter.loop(frame.unitBegin, end, 1, {}, [&](Value unit, ValueRange) -> SmallVector<Value> {
        for (int64_t g = 0; g < groupsOfUnit; g += atOnce)
          emitGroups(in, out, emitter.add(emitter.mul(unit, groupsOfUnit), emitter.i64(g)), atOnce, groups.getSize());
        return {};
      });
      Value owned = arith::CmpIOp::create(emitter, arith::CmpIPredicate::sgt, frame.unitEnd, emitter.i64(whole));
      emitter.when(owned, [&] { emitTail(in, out, whole * groupsOfUnit); });
      return {};
    });
  }

private:
  Value splat(int32_t value) {
    return arith::ConstantOp::create(emitter, DenseElementsAttr::get(integers, APInt(32, value, true)));
  }

  /// The groups that no whole unit holds.
  void emitTail(Value in, Value out, int64_t group) {
    for (int64_t size = groups.getSize(); group * size < channels; ++group)
      emitGroups(in, out, emitter.i64(group), 1, std::min(size, channels - group * size));
  }

  /// Bits of the largest magnitude: as integers they are in the order of the floats that they are.
  Value magnitudes(ArrayRef<Value> vectors) {
    Value largest;
    for (Value vector : vectors) {
      Value bits = arith::BitcastOp::create(emitter, integers, vector);
      bits = arith::AndIOp::create(emitter, bits, splat(0x7fffffff));
      largest = largest ? arith::MaxUIOp::create(emitter, largest, bits).getResult() : bits;
    }
    return largest;
  }

  /// `count` groups, of each the first `valid` inputs; the others are zero.
  void emitGroups(Value in, Value out, Value first, int64_t count, int64_t valid) {
    int64_t size = groups.getSize();
    SmallVector<SmallVector<Value>> x(count);
    SmallVector<Value> extremes, sums;
    for (int64_t g = 0; g < count; ++g) {
      Value from = emitter.at(emitter.at(in, emitter.mul(first, size * 4)), g * size * 4);
      for (int64_t i = 0; i < size; i += kLanes)
        x[g].push_back(i < valid ? emitter.load(emitter.at(from, i * 4), {kLanes, std::min(kLanes, valid - i)})
                                 : emitter.zeros(kLanes));
      extremes.push_back(magnitudes(x[g]));
    }
    Value largest = combineLanes(emitter, extremes, [&](Value a, Value b) -> Value {
      return arith::MaxUIOp::create(emitter, a, b);
    });
    VectorType floats = emitter.vectorType(count);
    auto all = [&](float value) { return emitter.splat(emitter.f32(value), count); };
    Value scale = arith::DivFOp::create(emitter, arith::BitcastOp::create(emitter, floats, largest),
                                        all(float(groups.getLargest())));
    Value isZero = arith::CmpFOp::create(emitter, arith::CmpFPredicate::OEQ, scale, all(0));
    Value inverse = arith::SelectOp::create(emitter, isZero, all(0), arith::DivFOp::create(emitter, all(1), scale));

    for (int64_t g = 0; g < count; ++g)
      sums.push_back(emitIntegers(x[g], vector::ExtractOp::create(emitter, inverse, g), place(out, first, g)));
    Value totals = combineLanes(emitter, sums, [&](Value a, Value b) -> Value {
      return arith::AddIOp::create(emitter, a, b);
    });
    for (int64_t g = 0; g < count; ++g) {
      Value to = emitter.at(place(out, first, g), groups.getIntegerBytes());
      LLVM::StoreOp::create(emitter, vector::ExtractOp::create(emitter, scale, g), to, 4);
      Value total = vector::ExtractOp::create(emitter, totals, g);
      Value factor = arith::ConstantOp::create(emitter, emitter.getI32IntegerAttr(-128));
      LLVM::StoreOp::create(emitter, arith::MulIOp::create(emitter, total, factor), emitter.at(to, 4), 4);
    }
  }

  Value place(Value out, Value first, int64_t group) {
    return emitter.at(emitter.at(out, emitter.mul(first, groups.getGroupBytes())), group * groups.getGroupBytes());
  }

  /// Writes a group's integers, and returns their sums lane by lane.
  Value emitIntegers(ArrayRef<Value> x, Value inverse, Value to) {
    Value factor = emitter.splat(inverse, kLanes), sum;
    for (auto [i, vector] : llvm::enumerate(x)) {
      Value rounded = math::RoundEvenOp::create(emitter, arith::MulFOp::create(emitter, vector, factor));
      Value q = arith::FPToSIOp::create(emitter, integers, rounded);
      sum = sum ? arith::AddIOp::create(emitter, sum, q).getResult() : q;
      if (groups.getOrder() == kernel::ByteOrder::Bytes)
        storeBytes(q, emitter.at(to, i * kLanes));
      else
        storePairs(q, emitter.at(to, i * kLanes));
    }
    return sum;
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
