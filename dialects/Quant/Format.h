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

struct Feedback;

/// Lanes of every vector that a format loads: one AVX-512 register of f32. Narrower targets split it.
inline constexpr int64_t kLanes = 16;

/// Where a kernel reads `kLanes` outputs of one step of a panel.
struct PanelPlace {
  mlir::Value head, step; // pointers to the panel, and to this step of it
  int64_t panel, column;  // outputs of the panel, and the first of those that are read
};

/// Outputs whose weights of one input are read at once where a weight is stored input by input.
inline constexpr int64_t kInputBlock = 128;

/// How a format stores a weight input by input, so that the weights of an input that is zero need not be read: f32
/// scales of all outputs, if it has levels; then, for each input, the codes of all outputs and their levels.
struct InputMajor {
  /// The share of zeros from which on skipping them is worth it: it was as fast as the format's other kernel, or
  /// faster, with 1 and with 2 threads, at 17 and at 30 GB/s a thread (znver4). The narrower the codes, the more work
  /// they are. With floats one row of 1.5B is as fast from 0.5 on, but one of 0.1B is slower there, and so are 8 of 1.5B.
  double breakEven;

  /// Bytes that hold the codes of kInputBlock outputs.
  int64_t codeBytes;

  /// Outputs of an input that share a level of 8 bits; 0 if there are neither levels nor scales.
  int64_t levelOutputs;

  /// Packs kInputBlock outputs by themselves: `rows` is [kInputBlock, inputs]; scales and levels are null if there are
  /// none.
  void (*pack)(const float *rows, int64_t inputs, float *scales, uint8_t *codes, int8_t *levels);

  /// Emits the loads of kInputBlock codes, as vectors of kLanes f32. `features` are those of the target.
  llvm::SmallVector<mlir::Value> (*emitLoad)(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value codes,
                                             llvm::StringRef features);

  /// Emits the loads of kInputBlock codes of two inputs, as vectors of kLanes pairs of bf16 in 32-bit lanes; null if
  /// codes are not bf16.
  llvm::SmallVector<mlir::Value> (*emitLoadPairs)(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value even,
                                                  mlir::Value odd) = nullptr;

  /// Bytes of the scales, of what an input has, and of its part before the levels; and of all.
  int64_t headBytes(int64_t outputs) const;
  int64_t pieceBytes(int64_t outputs) const;
  int64_t levelsOffset(int64_t outputs) const;
  int64_t bytes(int64_t outputs, int64_t inputs) const;
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

  /// How weights are stored input by input; null if they cannot be.
  const InputMajor *inputMajor = nullptr;

  /// Classes that are better stored otherwise where this is the format of a model, as `--weights` writes them
  /// (Mixture.h).
  llvm::StringRef exceptions = "";

  /// A step is a pair of bf16 in a 32-bit lane, which a dot product of bf16 takes as it is.
  bool isPairs = false;

  /// Rounded to bf16, it loses no more than rows of bf16 do.
  bool roundsToPairs = false;

  /// As `pack`, and inputs make up for the errors of those before them (Feedback.h); null if they cannot.
  void (*packWithFeedback)(const float *rows, int64_t inputs, int64_t panel, const Feedback &feedback,
                           uint8_t *out) = nullptr;

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
