//===- F32.cpp - Weights as IEEE single precision -------------------------===//
#include "dialects/Quant/Format.h"
#include "dialects/Quant/PackUnits.h"
#include "dialects/Quant/PanelAddress.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace rwkvc::weight;

static Type elementType(MLIRContext *context) { return Float32Type::get(context); }

static void pack(const float *rows, int64_t inputs, int64_t panel, uint8_t *bytes) {
  packUnits<float, 1>(rows, inputs, panel, reinterpret_cast<float *>(bytes), [](const float *x) { return *x; });
}

static void packInputMajor(const float *rows, int64_t inputs, float *, uint8_t *codes, int8_t *) {
  pack(rows, inputs, kInputBlock, codes);
}

static Value load(OpBuilder &builder, Location loc, Value pointer) {
  return LLVM::LoadOp::create(builder, loc, VectorType::get(kLanes, builder.getF32Type()), pointer, /*alignment=*/64);
}

static SmallVector<Value> emitLoad(OpBuilder &builder, Location loc, const PanelPlace &place) {
  return {load(builder, loc, outputAt(builder, loc, place.step, 4 * place.column))};
}

static SmallVector<Value> emitLoadInputMajor(OpBuilder &builder, Location loc, Value codes, StringRef) {
  SmallVector<Value> weights;
  for (int64_t n = 0; n < kInputBlock; n += kLanes)
    weights.push_back(load(builder, loc, outputAt(builder, loc, codes, 4 * n)));
  return weights;
}

static constexpr InputMajor inputMajor = {0.65, 4 * kInputBlock, 0, packInputMajor, emitLoadInputMajor};

const Format rwkvc::weight::f32Format = {"f32", 1, 0, 4, elementType, pack, emitLoad, 0, nullptr, &inputMajor};
