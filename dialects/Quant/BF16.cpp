//===- BF16.cpp - Weights as the upper half of single precision -----------===//
//
// Two inputs share a 32-bit lane, the even one below: one shift and one mask widen both,
// and the pair is what vdpbf16ps takes.
//
//===----------------------------------------------------------------------===//
#include "dialects/Quant/Format.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include <cstring>

using namespace mlir;
using namespace rwkvc::weight;

static Type elementType(MLIRContext *context) { return BFloat16Type::get(context); }

// Rounds to nearest even; a NaN stays one.
static uint16_t round(float x) {
  uint32_t bits;
  std::memcpy(&bits, &x, sizeof(bits));
  if ((bits & 0x7fffffff) > 0x7f800000)
    return (bits >> 16) | 0x40;
  return (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
}

static void pack(const float *rows, int64_t inputs, int64_t panel, uint8_t *bytes) {
  uint16_t *out = reinterpret_cast<uint16_t *>(bytes);
  for (int64_t k = 0; k < inputs; k += 2)
    for (int64_t n = 0; n < panel; ++n) {
      const float *pair = rows + n * inputs + k;
      out[k * panel + 2 * n] = round(pair[0]);
      out[k * panel + 2 * n + 1] = k + 1 < inputs ? round(pair[1]) : 0;
    }
}

static SmallVector<Value> emitLoad(OpBuilder &builder, Location loc, Value packed, ValueRange indices) {
  auto bits = VectorType::get(kLanes, builder.getI32Type());
  auto floats = VectorType::get(kLanes, builder.getF32Type());
  auto constant = [&](uint32_t value) {
    return arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(bits, APInt(32, value)));
  };

  auto type = VectorType::get(2 * kLanes, builder.getBF16Type());
  Value loaded = vector::LoadOp::create(builder, loc, type, packed, indices);
  Value pairs = vector::BitCastOp::create(builder, loc, bits, loaded);
  Value even = arith::ShLIOp::create(builder, loc, pairs, constant(16));
  Value odd = arith::AndIOp::create(builder, loc, pairs, constant(0xffff0000));
  return {vector::BitCastOp::create(builder, loc, floats, even), vector::BitCastOp::create(builder, loc, floats, odd)};
}

const Format rwkvc::weight::bf16Format = {"bf16", 2, elementType, pack, emitLoad};
