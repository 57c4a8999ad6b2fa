//===- F16.cpp - Weights as IEEE half precision ---------------------------===//
#include "dialects/Quant/Format.h"
#include "dialects/Quant/Half.h"
#include "dialects/Quant/PackUnits.h"
#include "dialects/Quant/PanelAddress.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace rwkvc::weight;

static Type elementType(MLIRContext *context) { return Float16Type::get(context); }

static void pack(const float *rows, int64_t inputs, int64_t panel, uint8_t *bytes) {
  packUnits<uint16_t, 1>(rows, inputs, panel, reinterpret_cast<uint16_t *>(bytes),
                         [](const float *x) { return rwkvc::toHalf(*x); });
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
