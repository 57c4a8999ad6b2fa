//===- JoinedGroups.cpp - Groups of 4-bit codes as larger ones of 8 bits --===//
//
// A group of 16 inputs is too short for integer products: every fourth of them would be followed by a conversion, a
// product of scales and a multiply-add. Four groups are joined: the one of the largest level keeps its values, those of
// the others are rounded to 8 bits under that level, which adds a hundredth of the error that 4 bits have.
//
//===----------------------------------------------------------------------===//
#include "compiler/Backends/LLVM/PanelWeights.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::llvm_backend;
using weight::kLanes;

static constexpr int64_t kJoined = 64;

/// An f32 scale for each output, then codes of 8 bits.
static const weight::Format joinedFormat = {"joined", kJoined, 0, 4 + kJoined, nullptr, nullptr, nullptr, 8};

JoinedGroups::JoinedGroups(kernel::GemmOp op, Emitter &emitter, const KernelFrame &frame, kernel::GroupsAttr groups)
    : PanelWeights(joinedFormat, op, emitter, frame), dot(DotProduct::create(emitter, groups, stored.codeValues)) {
  assert(groups.getSize() == kJoined && stored.codeValues && "only codes of 4 bits are joined");
}

Value JoinedGroups::widen(Value unit, Value firstInput, Value inputs, Value panel, int64_t) {
  Value head = panelOf(unit);
  emitter.loop(emitter.i64(0), inputs, kJoined, {}, [&](Value input, ValueRange) -> SmallVector<Value> {
    Value from = stepOf(head, emitter.add(firstInput, input));
    Value group = arith::DivUIOp::create(emitter, input, emitter.i64(kJoined));
    Value to = emitter.at(panel, emitter.mul(group, columns * format.stepBytes));
    for (int64_t column = 0; column < columns; column += kLanes)
      widenGroup(head, from, to, column);
    return {};
  });
  return panel;
}

/// What the codes of a stored group are multiplied with, as 16-bit fractions of 1 in both halves of a lane.
static Value fraction(Emitter &emitter, Value level, Value inverse) {
  auto integers = VectorType::get(kLanes, emitter.getI32Type());
  auto splat = [&](int64_t value) {
    return arith::ConstantOp::create(emitter, DenseElementsAttr::get(integers, APInt(32, value)));
  };
  Value scaled = arith::MulFOp::create(emitter, level, inverse);
  Value rounded = arith::FPToSIOp::create(emitter, integers, math::RoundEvenOp::create(emitter, scaled));
  Value low = arith::AndIOp::create(emitter, rounded, splat(0xffff));
  return arith::OrIOp::create(emitter, low, arith::ShLIOp::create(emitter, low, splat(16)));
}

/// Bytes `codes`, which are 128 too much, times signed 16-bit fractions of 1, rounded.
static Value scale(Emitter &emitter, Value codes, Value fractions) {
  auto words = VectorType::get(2 * kLanes, emitter.getI16Type());
  auto splat = [&](int64_t value) {
    return arith::ConstantOp::create(emitter, DenseElementsAttr::get(words, APInt(16, value)));
  };
  // A code in the upper half of a word, without its 128; the product is rounded to that half and gets the 128 again.
  auto scaled = [&](Value upper) -> Value {
    Value code = arith::XOrIOp::create(emitter, upper, splat(0x8000));
    Value fraction = vector::BitCastOp::create(emitter, words, fractions);
    auto intrinsic = emitter.getStringAttr("llvm.x86.avx512.pmul.hr.sw.512");
    Value product = LLVM::CallIntrinsicOp::create(emitter, words, intrinsic, ValueRange{code, fraction})->getResult(0);
    return arith::AddIOp::create(emitter, product, splat(0x8080));
  };
  Value bytes = vector::BitCastOp::create(emitter, words, codes);
  Value even = scaled(arith::ShLIOp::create(emitter, bytes, splat(8)));
  Value odd = scaled(arith::AndIOp::create(emitter, bytes, splat(0xff00)));
  Value joined = arith::OrIOp::create(emitter, arith::ShRUIOp::create(emitter, even, splat(8)),
                                      arith::AndIOp::create(emitter, odd, splat(0xff00)));
  return vector::BitCastOp::create(emitter, codes.getType(), joined);
}

void JoinedGroups::widenGroup(Value head, Value steps, Value to, int64_t column) {
  constexpr float one = 32767;
  int64_t count = kJoined / stored.inputStep, stepBytes = columns * stored.stepBytes;
  SmallVector<Value> levels;
  Value largest;
  for (int64_t g = 0; g < count; ++g) {
    auto bytes = VectorType::get(kLanes, emitter.getI8Type());
    Value level = LLVM::LoadOp::create(emitter, bytes, emitter.at(steps, g * stepBytes + column), 16);
    levels.push_back(arith::SIToFPOp::create(emitter, emitter.vectorType(kLanes), level));
    Value magnitude = math::AbsFOp::create(emitter, levels.back());
    largest = largest ? arith::MaximumFOp::create(emitter, largest, magnitude).getResult() : magnitude;
  }
  Value headScale = emitter.load(emitter.at(head, 4 * column), {kLanes, kLanes});
  emitter.store(arith::MulFOp::create(emitter, headScale, largest), emitter.at(to, 4 * column), {kLanes, kLanes});

  // A level is at least 1 in size, or all of the group is zero.
  Value divisor = arith::MaximumFOp::create(emitter, largest, emitter.splat(emitter.f32(1), kLanes));
  Value inverse = arith::DivFOp::create(emitter, emitter.splat(emitter.f32(one), kLanes), divisor);
  int64_t words = stored.inputStep * stored.codeBits / 32, quad = 0;
  for (int64_t g = 0; g < count; ++g) {
    Value factor = fraction(emitter, levels[g], inverse);
    for (int64_t word = 0; word < words; ++word) {
      Value lanes = dot->loadLanes(emitter.at(steps, g * stepBytes + columns + (word * columns + column) * 4));
      for (int64_t half : {0, 1}) {
        Value codes = scale(emitter, dot->weights(lanes, half), factor);
        LLVM::StoreOp::create(emitter, codes, emitter.at(to, 4 * columns + (quad++ * columns + column) * 4), 16);
      }
    }
  }
}
