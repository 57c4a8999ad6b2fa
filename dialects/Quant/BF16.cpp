//===- BF16.cpp - Weights as the upper half of single precision -----------===//
//
// Two inputs share a 32-bit lane, the even one below: one shift and one mask widen both, and the pair is what
// vdpbf16ps takes. Input-major, two outputs do, kLanes apart.
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

static void packInputMajor(const float *rows, int64_t inputs, float *, uint8_t *codes, int8_t *) {
  uint16_t *out = reinterpret_cast<uint16_t *>(codes);
  packUnits<uint16_t, 1>(rows, inputs, kInputBlock, out, [](const float *x) { return uint16_t(round(*x)); });
  for (uint16_t *end = out + inputs * kInputBlock; out != end; out += 2 * kLanes) {
    uint16_t pairs[2 * kLanes];
    for (int64_t i = 0; i < 2 * kLanes; ++i)
      pairs[i % kLanes * 2 + i / kLanes] = out[i];
    std::copy_n(pairs, 2 * kLanes, out);
  }
}

/// The lower and the upper halves of kLanes pairs.
static std::array<Value, 2> loadPairs(OpBuilder &builder, Location loc, Value pointer) {
  auto bits = VectorType::get(kLanes, builder.getI32Type());
  auto floats = VectorType::get(kLanes, builder.getF32Type());
  auto constant = [&](uint32_t value) {
    return arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(bits, APInt(32, value)));
  };

  auto type = VectorType::get(2 * kLanes, builder.getBF16Type());
  Value loaded = LLVM::LoadOp::create(builder, loc, type, pointer, /*alignment=*/64);
  Value pairs = vector::BitCastOp::create(builder, loc, bits, loaded);
  Value lower = arith::ShLIOp::create(builder, loc, pairs, constant(16));
  Value upper = arith::AndIOp::create(builder, loc, pairs, constant(0xffff0000));
  return {vector::BitCastOp::create(builder, loc, floats, lower),
          vector::BitCastOp::create(builder, loc, floats, upper)};
}

static SmallVector<Value> emitLoad(OpBuilder &builder, Location loc, const PanelPlace &place) {
  auto [even, odd] = loadPairs(builder, loc, outputAt(builder, loc, place.step, 4 * place.column));
  return {even, odd};
}

static SmallVector<Value> emitLoadInputMajor(OpBuilder &builder, Location loc, Value codes, StringRef) {
  SmallVector<Value> weights;
  for (int64_t n = 0; n < kInputBlock; n += 2 * kLanes)
    llvm::append_range(weights, loadPairs(builder, loc, outputAt(builder, loc, codes, 2 * n)));
  return weights;
}

// Two outputs of an input share a lane; then two inputs of an output do.
static SmallVector<Value> emitLoadPairs(OpBuilder &builder, Location loc, Value even, Value odd) {
  auto bits = VectorType::get(kLanes, builder.getI32Type());
  auto constant = [&](uint32_t value) {
    return arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(bits, APInt(32, value)));
  };
  auto load = [&](Value codes, int64_t n) -> Value {
    return LLVM::LoadOp::create(builder, loc, bits, outputAt(builder, loc, codes, 2 * n), /*alignment=*/64);
  };
  Value half = constant(16), upper = constant(0xffff0000), lower = constant(0x0000ffff);
  SmallVector<Value> pairs;
  for (int64_t n = 0; n < kInputBlock; n += 2 * kLanes) {
    Value a = load(even, n), b = load(odd, n);
    pairs.push_back(arith::OrIOp::create(builder, loc, arith::AndIOp::create(builder, loc, a, lower),
                                         arith::ShLIOp::create(builder, loc, b, half)));
    pairs.push_back(arith::OrIOp::create(builder, loc, arith::ShRUIOp::create(builder, loc, a, half),
                                         arith::AndIOp::create(builder, loc, b, upper)));
  }
  return pairs;
}

static constexpr InputMajor inputMajor = {
    0.65, 2 * kInputBlock, 0, packInputMajor, emitLoadInputMajor, emitLoadPairs};

const Format rwkvc::weight::bf16Format = {
    "bf16", 2, 0, 4, elementType, pack, emitLoad, 0, nullptr, &inputMajor, "", /*isPairs=*/true};
