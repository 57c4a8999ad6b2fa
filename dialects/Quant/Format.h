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

/// Where a kernel reads `kLanes` outputs of one step of a panel.
struct PanelPlace {
  mlir::Value head, step; // pointers to the panel, and to this step of it
  int64_t panel, column;  // outputs of the panel, and the first of those that are read
};

/// A panel is a head, then one step after the other; both hold a fixed number of bytes for each of its outputs.
struct Format {
  llvm::StringRef name; // "bf16"

  /// Inputs that are stored together: those that share a lane, or a scale.
  int64_t inputStep;

  /// For each output of a panel: bytes of the head, and of a step.
  int64_t headBytes, stepBytes;

  /// Of one element; null if elements cannot stand alone, which tables and vectors need.
  mlir::Type (*elementType)(mlir::MLIRContext *context);

  /// Packs one panel. `rows` is [panel, inputs]; `out` has panelBytes(inputs, panel).
  void (*pack)(const float *rows, int64_t inputs, int64_t panel, uint8_t *out);

  /// Emits the loads of `kLanes` outputs of one step, and returns `inputStep` vectors of f32, one for each input.
  llvm::SmallVector<mlir::Value> (*emitLoad)(mlir::OpBuilder &builder, mlir::Location loc, const PanelPlace &place);

  /// If a step is a group of integer codes under one scale: the bits of a code, and the values that codes stand for,
  /// all of them or, if null, code - 128. Else 0.
  int64_t codeBits = 0;
  const int8_t *codeValues = nullptr;

  /// Classes that are better stored otherwise where this is the format of a model, as `--weights` writes them
  /// (Mixture.h).
  llvm::StringRef exceptions = "";

  int64_t panelBytes(int64_t inputs, int64_t panel) const;
};

extern const Format f32Format, f16Format, bf16Format, q8Format, q4Format;

/// Every format, in the order in which `--help` shows them.
llvm::ArrayRef<const Format *> formats();

/// "f32, f16, ...": for messages.
std::string formatNames();

/// Null if there is no such format.
const Format *findFormat(llvm::StringRef name);

} // namespace rwkvc::weight

#endif // DIALECTS_QUANT_FORMAT_H
