//===- BF16.cpp - Weights as the upper half of single precision -----------===//
//
// Two inputs share a 32-bit lane, the even one below: one shift and one mask widen both,
// and the pair is what vdpbf16ps takes.
//
//===----------------------------------------------------------------------===//
#include "dialects/Quant/Format.h"
#include "dialects/Quant/PackUnits.h"
#include "dialects/Quant/PanelAddress.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/ADT/bit.h"

using namespace mlir;
using namespace rwkvc::weight;

static Type elementType(MLIRContext *context) { return BFloat16Type::get(context); }

// Rounds to nearest even; a NaN stays one.
static uint32_t round(float x) {
  uint32_t bits = llvm::bit_cast<uint32_t>(x);
  uint32_t rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
  return (bits & 0x7fffffff) > 0x7f800000 ? (bits >> 16) | 0x40 : rounded;
}

static void pack(const float *rows, int64_t inputs, int64_t panel, uint8_t *bytes) {
  packUnits<uint32_t, 2>(rows, inputs, panel, reinterpret_cast<uint32_t *>(bytes),
                         [](const float *pair) { return round(pair[0]) | round(pair[1]) << 16; });
}

static SmallVector<Value> emitLoad(OpBuilder &builder, Location loc, const PanelPlace &place) {
  auto bits = VectorType::get(kLanes, builder.getI32Type());
  auto floats = VectorType::get(kLanes, builder.getF32Type());
  auto constant = [&](uint32_t value) {
    return arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(bits, APInt(32, value)));
  };

  auto type = VectorType::get(2 * kLanes, builder.getBF16Type());
  Value loaded = LLVM::LoadOp::create(builder, loc, type, outputAt(builder, loc, place.step, 4 * place.column), /*alignment=*/64);
  Value pairs = vector::BitCastOp::create(builder, loc, bits, loaded);
  Value even = arith::ShLIOp::create(builder, loc, pairs, constant(16));
  Value odd = arith::AndIOp::create(builder, loc, pairs, constant(0xffff0000));
  return {vector::BitCastOp::create(builder, loc, floats, even), vector::BitCastOp::create(builder, loc, floats, odd)};
}

const Format rwkvc::weight::bf16Format = {"bf16", 2, 0, 4, elementType, pack, emitLoad};
