//===- CodeTable.cpp - IR that looks up what codes stand for --------------===//
#include "dialects/Quant/CodeTable.h"
#include "dialects/Quant/Format.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace rwkvc::weight;

CodeTable::CodeTable(OpBuilder &builder, Location loc, ArrayRef<int8_t> values, StringRef features)
    : builder(builder), loc(loc), values(values), features(features) {}

Value CodeTable::splat(uint32_t value) {
  auto type = VectorType::get(kLanes, builder.getI32Type());
  return arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(type, APInt(32, value)));
}

Value CodeTable::constant(ArrayRef<int8_t> values) {
  auto type = VectorType::get(values.size(), builder.getF32Type());
  SmallVector<float> floats(values);
  return arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(type, ArrayRef(floats)));
}

Value CodeTable::permute(StringRef intrinsic, ArrayRef<Value> operands) {
  return LLVM::CallIntrinsicOp::create(builder, loc, operands[0].getType(), builder.getStringAttr(intrinsic), operands)
      ->getResult(0);
}

Value CodeTable::lookUp(Value lanes, int64_t bit) {
  Value codes = bit ? arith::ShRUIOp::create(builder, loc, lanes, splat(bit)).getResult() : lanes;
  auto has = [&](StringRef feature) { return llvm::is_contained(llvm::split(features, ';'), feature); };
  if (has("avx512f")) // takes 4 bits of a lane
    return permute("llvm.x86.avx512.permvar.sf.512", {constant(values), codes});

  // Both halves of the table, and a choice between them.
  Value bit3 = arith::AndIOp::create(builder, loc, codes, splat(8));
  Value isUpper = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne, bit3, splat(0));
  if (has("avx2")) { // takes 3 bits of a lane
    auto halfOf = [&](ArrayRef<int8_t> half) {
      SmallVector<Value> parts;
      for (int64_t first : {0, 8}) {
        Value part = vector::ExtractStridedSliceOp::create(builder, loc, codes, first, 8, 1);
        parts.push_back(permute("llvm.x86.avx2.permps", {constant(half), part}));
      }
      SmallVector<int64_t> all = llvm::to_vector(llvm::seq<int64_t>(kLanes));
      return vector::ShuffleOp::create(builder, loc, parts[0], parts[1], all);
    };
    return arith::SelectOp::create(builder, loc, isUpper, halfOf(values.drop_front(8)), halfOf(values.take_front(8)));
  }

  // Half of the table fits into 64 bits, which a code shifts down.
  auto wide = VectorType::get(kLanes, builder.getI64Type());
  auto halfOf = [&](ArrayRef<int8_t> half) {
    uint64_t bits = 0;
    for (auto [i, value] : llvm::enumerate(half))
      bits |= uint64_t(uint8_t(value)) << (8 * i);
    return arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(wide, APInt(64, bits))).getResult();
  };
  Value table =
      arith::SelectOp::create(builder, loc, isUpper, halfOf(values.drop_front(8)), halfOf(values.take_front(8)));
  Value place = arith::AndIOp::create(builder, loc, codes, splat(7));
  place = arith::ShLIOp::create(builder, loc, arith::ExtUIOp::create(builder, loc, wide, place),
                                arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(wide, APInt(64, 3))));
  auto bytes = VectorType::get(kLanes, builder.getI8Type());
  Value value = arith::TruncIOp::create(builder, loc, bytes, arith::ShRUIOp::create(builder, loc, table, place));
  return arith::SIToFPOp::create(builder, loc, VectorType::get(kLanes, builder.getF32Type()), value);
}
