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

static SmallVector<Value> emitLoad(OpBuilder &builder, Location loc, const PanelPlace &place) {
  auto type = VectorType::get(kLanes, builder.getF32Type());
  return {LLVM::LoadOp::create(builder, loc, type, outputAt(builder, loc, place.step, 4 * place.column), /*alignment=*/64)};
}

const Format rwkvc::weight::f32Format = {"f32", 1, 0, 4, elementType, pack, emitLoad};
