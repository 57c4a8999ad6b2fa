//===- F16.cpp - Weights as IEEE half precision ---------------------------===//
#include "dialects/Quant/Format.h"
#include "dialects/Quant/PackUnits.h"
#include "dialects/Quant/PanelAddress.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "llvm/ADT/bit.h"

using namespace mlir;
using namespace rwkvc::weight;

static Type elementType(MLIRContext *context) { return Float16Type::get(context); }

// Rounds to nearest even. Without branches, so that it vectorises on a compiler's host of any age: there the
// language's own conversion is a call.
static uint16_t round(float x) {
  uint32_t bits = llvm::bit_cast<uint32_t>(x), magnitude = bits & 0x7fffffff;
  // Below 2^-14 the results are multiples of 2^-24, which is where a sum with 0.5 is rounded.
  uint32_t subnormal = llvm::bit_cast<uint32_t>(llvm::bit_cast<float>(magnitude) + 0.5f) - 0x3f000000;
  uint32_t normal = (magnitude - (112u << 23) + 0xfff + ((magnitude >> 13) & 1)) >> 13;
  uint32_t rounded = magnitude < 0x38800000 ? subnormal : normal;
  rounded = magnitude >= 0x477ff000 ? 0x7c00 : rounded; // halfway from the largest to 65536
  rounded = magnitude > 0x7f800000 ? 0x7e00 : rounded;
  return (bits >> 16 & 0x8000) | rounded;
}

static void pack(const float *rows, int64_t inputs, int64_t panel, uint8_t *bytes) {
  packUnits<uint16_t, 1>(rows, inputs, panel, reinterpret_cast<uint16_t *>(bytes),
                         [](const float *x) { return round(*x); });
}

static void packInputMajor(const float *rows, int64_t inputs, float *, uint8_t *codes, int8_t *) {
  pack(rows, inputs, kInputBlock, codes);
}

// Must become vcvtph2ps on a target with F16C.
static Value loadHalves(OpBuilder &builder, Location loc, Value pointer) {
  auto type = VectorType::get(kLanes, builder.getF16Type());
  Value half = LLVM::LoadOp::create(builder, loc, type, pointer, /*alignment=*/32);
  return arith::ExtFOp::create(builder, loc, VectorType::get(kLanes, builder.getF32Type()), half);
}

static SmallVector<Value> emitLoad(OpBuilder &builder, Location loc, const PanelPlace &place) {
  return {loadHalves(builder, loc, outputAt(builder, loc, place.step, 2 * place.column))};
}

static SmallVector<Value> emitLoadInputMajor(OpBuilder &builder, Location loc, Value codes, StringRef) {
  SmallVector<Value> weights;
  for (int64_t n = 0; n < kInputBlock; n += kLanes)
    weights.push_back(loadHalves(builder, loc, outputAt(builder, loc, codes, 2 * n)));
  return weights;
}

static constexpr InputMajor inputMajor = {0.65, 2 * kInputBlock, 0, packInputMajor, emitLoadInputMajor};

const Format rwkvc::weight::f16Format = {"f16",   1, 0,       2,           elementType, pack, emitLoad, 0,
                                         nullptr, &inputMajor, "", /*isPairs=*/false, /*roundsToPairs=*/true};
