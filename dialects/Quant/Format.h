//===- Format.h - How a weight matrix is stored ------------------*- C++ -*-===//
//
// One weight format: its bytes, its packing, and the IR that widens it back to f32.
// One file a format; the list is in Formats.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef DIALECTS_QUANT_FORMAT_H
#define DIALECTS_QUANT_FORMAT_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include <cstdint>

namespace rwkvc::weight {

/// Lanes of every vector that a format loads: one AVX-512 register of f32. Narrower targets split it.
inline constexpr int64_t kLanes = 16;

struct Format {
  llvm::StringRef name; // "bf16"

  /// Inputs whose weights lie side by side for one output, so that one load serves them all.
  int64_t inputStep;

  mlir::Type (*elementType)(mlir::MLIRContext *context);

  /// Packs one panel. `rows` is [panel, inputs]; `out` is [ceil(inputs / inputStep), panel, inputStep].
  void (*pack)(const float *rows, int64_t inputs, int64_t panel, uint8_t *out);

  /// Emits the load of `kLanes` outputs from `pointer`, the first output's weights of one step, and returns
  /// `inputStep` vectors of f32, one for each input of the step.
  llvm::SmallVector<mlir::Value> (*emitLoad)(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value pointer);

  /// The packed weight [outputs, inputs] as a buffer: [panels, steps, panel * inputStep].
  mlir::MemRefType packedType(mlir::MLIRContext *context, int64_t outputs, int64_t inputs, int64_t panel) const;
};

extern const Format f32Format, f16Format, bf16Format;

/// Every format, in the order in which `--help` shows them.
llvm::ArrayRef<const Format *> formats();

/// Null if there is no such format.
const Format *findFormat(llvm::StringRef name);

} // namespace rwkvc::weight

#endif // DIALECTS_QUANT_FORMAT_H
