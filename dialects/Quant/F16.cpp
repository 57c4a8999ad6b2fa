//===- F16.cpp - Weights as IEEE half precision ---------------------------===//
#include "dialects/Quant/Format.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/ADT/APFloat.h"

using namespace mlir;
using namespace rwkvc::weight;

static Type elementType(MLIRContext *context) { return Float16Type::get(context); }

static void pack(const float *rows, int64_t inputs, int64_t panel, uint8_t *bytes) {
  _Float16 *out = reinterpret_cast<_Float16 *>(bytes);
  for (int64_t k = 0; k < inputs; ++k)
    for (int64_t n = 0; n < panel; ++n)
      out[k * panel + n] = static_cast<_Float16>(rows[n * inputs + k]); // rounds to nearest even
}

// Must become vcvtph2ps on a target with F16C.
static SmallVector<Value> emitLoad(OpBuilder &builder, Location loc, Value packed, ValueRange indices) {
  auto type = VectorType::get(kLanes, builder.getF16Type());
  Value half = vector::LoadOp::create(builder, loc, type, packed, indices);
  return {arith::ExtFOp::create(builder, loc, VectorType::get(kLanes, builder.getF32Type()), half)};
}

const Format rwkvc::weight::f16Format = {"f16", 1, elementType, pack, emitLoad};
