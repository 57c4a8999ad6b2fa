//===- F32.cpp - Weights as IEEE single precision -------------------------===//
#include "dialects/Quant/Format.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace rwkvc::weight;

static Type elementType(MLIRContext *context) { return Float32Type::get(context); }

static void pack(const float *rows, int64_t inputs, int64_t panel, uint8_t *bytes) {
  float *out = reinterpret_cast<float *>(bytes);
  for (int64_t k = 0; k < inputs; ++k)
    for (int64_t n = 0; n < panel; ++n)
      out[k * panel + n] = rows[n * inputs + k];
}

static SmallVector<Value> emitLoad(OpBuilder &builder, Location loc, Value packed, ValueRange indices) {
  auto type = VectorType::get(kLanes, builder.getF32Type());
  return {vector::LoadOp::create(builder, loc, type, packed, indices)};
}

const Format rwkvc::weight::f32Format = {"f32", 1, elementType, pack, emitLoad};
