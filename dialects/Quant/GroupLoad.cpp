//===- GroupLoad.cpp - IR that widens quantised groups to f32 -------------===//
#include "dialects/Quant/GroupLoad.h"
#include "dialects/Quant/PanelAddress.h"

using namespace mlir;
using namespace rwkvc::weight;

Value rwkvc::weight::loadGroupScales(OpBuilder &builder, Location loc, const Format &format, Value pointer) {
  auto load = [&](Type element) -> Value {
    return LLVM::LoadOp::create(builder, loc, VectorType::get(kLanes, element), pointer, /*alignment=*/16);
  };
  auto floats = VectorType::get(kLanes, builder.getF32Type());
  switch (groupScaleBytes(format)) {
  case 1:
    return arith::SIToFPOp::create(builder, loc, floats, load(builder.getI8Type()));
  case 2:
    return arith::ExtFOp::create(builder, loc, floats, load(builder.getF16Type()));
  default:
    return load(builder.getF32Type());
  }
}

GroupLoad::GroupLoad(OpBuilder &builder, Location loc, const Format &format, const PanelPlace &place)
    : builder(builder), loc(loc), format(format), place(place), integers(VectorType::get(kLanes, builder.getI32Type())),
      floats(VectorType::get(kLanes, builder.getF32Type())) {
  Value first = outputAt(builder, loc, place.step, groupScaleBytes(format) * place.column);
  scales = loadGroupScales(builder, loc, format, first);
  if (!format.headBytes)
    return;
  Value head = outputAt(builder, loc, place.head, 4 * place.column);
  Value scale = LLVM::LoadOp::create(builder, loc, floats, head, /*alignment=*/16);
  scales = arith::MulFOp::create(builder, loc, scales, scale);
}

Value GroupLoad::splat(Type element, uint64_t value) {
  auto type = VectorType::get(kLanes, element);
  return arith::ConstantOp::create(builder, loc,
                                   DenseElementsAttr::get(type, APInt(element.getIntOrFloatBitWidth(), value)));
}

Value GroupLoad::loadLanes(int64_t index) {
  int64_t bytes = (groupScaleBytes(format) + index * 4) * place.panel + place.column * 4;
  return LLVM::LoadOp::create(builder, loc, integers, outputAt(builder, loc, place.step, bytes), /*alignment=*/16);
}

Value GroupLoad::bits(Value lanes, int64_t first, int64_t count) {
  Type i32 = builder.getI32Type();
  Value shifted = first ? arith::ShRUIOp::create(builder, loc, lanes, splat(i32, first)).getResult() : lanes;
  return arith::AndIOp::create(builder, loc, shifted, splat(i32, (1 << count) - 1));
}

Value GroupLoad::subtract(Value values, int64_t constant) {
  return arith::SubIOp::create(builder, loc, values, splat(builder.getI32Type(), constant));
}

// Half of the table fits into 64 bits, which a code shifts down.
Value GroupLoad::lookUp(Value codes, ArrayRef<int8_t> values) {
  Type i64 = builder.getI64Type(), i8 = builder.getI8Type();
  uint64_t halves[2] = {};
  for (int64_t i = 0; i < 16; ++i)
    halves[i / 8] |= uint64_t(uint8_t(values[i])) << (i % 8 * 8);
  auto wide = VectorType::get(kLanes, i64), narrow = VectorType::get(kLanes, i8);
  Value code = arith::ExtUIOp::create(builder, loc, wide, codes);
  Value isUpper = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::uge, code, splat(i64, 8));
  Value table = arith::SelectOp::create(builder, loc, isUpper, splat(i64, halves[1]), splat(i64, halves[0]));
  Value place = arith::AndIOp::create(builder, loc, code, splat(i64, 7));
  Value shift = arith::ShLIOp::create(builder, loc, place, splat(i64, 3));
  Value shifted = arith::ShRUIOp::create(builder, loc, table, shift);
  return arith::ExtSIOp::create(builder, loc, integers, arith::TruncIOp::create(builder, loc, narrow, shifted));
}

Value GroupLoad::scaled(Value values) {
  return arith::MulFOp::create(builder, loc, arith::SIToFPOp::create(builder, loc, floats, values), scales);
}

SmallVector<Value> GroupLoad::bytes() {
  SmallVector<Value> weights;
  for (int64_t quad = 0; quad < format.inputStep / 4; ++quad) {
    Value lanes = loadLanes(quad);
    for (int64_t i = 0; i < 4; ++i)
      weights.push_back(scaled(subtract(bits(lanes, 8 * i, 8), 128)));
  }
  return weights;
}

// The lower halves of a lane's bytes are four inputs, the upper ones the next four.
SmallVector<Value> GroupLoad::halfBytes(ArrayRef<int8_t> values) {
  SmallVector<Value> weights;
  for (int64_t pair = 0; pair < format.inputStep / 8; ++pair) {
    Value lanes = loadLanes(pair);
    for (int64_t half : {0, 4})
      for (int64_t i = 0; i < 4; ++i)
        weights.push_back(scaled(lookUp(bits(lanes, 8 * i + half, 4), values)));
  }
  return weights;
}
