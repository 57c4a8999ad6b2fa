//===- Pack.cpp - From a checkpoint's tensor to the module's bytes --------===//
//
// Everything passes through f32: source -> f32 -> transforms -> format. Between floating-point formats that is exact
// whenever the target can hold the value.
//
//===----------------------------------------------------------------------===//
#include "dialects/Quant/Pack.h"
#include "dialects/Quant/Format.h"
#include "dialects/Quant/Transform.h"
#include "dialects/Quant/Weight.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"
#include <cmath>
#include <limits>
#include <vector>

using namespace rwkvc;
using namespace rwkvc::weight;
using llvm::ArrayRef;
using llvm::Error;

namespace {

/// A weight seen as [outputs, inputs]: a vector is one row, more dimensions are more rows.
struct Shape {
  explicit Shape(mlir::RankedTensorType type)
      : inputs(type.getRank() ? type.getShape().back() : 1), outputs(type.getNumElements() / inputs) {}

  int64_t inputs, outputs;
};

/// What is packed and written in one piece.
struct Panel {
  Panel(mlir::RankedTensorType type, LayoutAttr layout) : format(*findFormat(layout.getFormat())) {
    Shape shape(type);
    rows = std::max<int64_t>(layout.getPanel(), 1);
    count = llvm::divideCeilSigned(shape.outputs, rows);
    packedBytes = format.panelBytes(shape.inputs, rows);
    // A row-major row is not padded to the format's step.
    bytes = layout.getPanel() ? packedBytes : shape.inputs * format.stepBytes / format.inputStep;
  }

  const Format &format;
  int64_t rows, count;
  uint64_t bytes, packedBytes;
};

} // namespace

static LayoutAttr layoutOf(mlir::RankedTensorType type) {
  return llvm::dyn_cast_or_null<LayoutAttr>(type.getEncoding());
}

uint64_t rwkvc::weight::packedBytes(mlir::RankedTensorType type) {
  Panel panel(type, layoutOf(type));
  return panel.count * panel.bytes;
}

uint64_t rwkvc::weight::packedAlignment(mlir::RankedTensorType type) { return type.getRank() == 2 ? 4096 : 64; }

static Error refuse(llvm::StringRef name, const llvm::Twine &why) {
  return llvm::createStringError("weight '" + name + "' " + why);
}

Error rwkvc::weight::checkPackable(llvm::StringRef name, mlir::RankedTensorType type) {
  LayoutAttr layout = layoutOf(type);
  if (!layout)
    return refuse(name, "has no layout");
  if (!findFormat(layout.getFormat()))
    return refuse(name, "has the unknown format '" + layout.getFormat() + "'");
  if (layout.getPanel() < 0 || (layout.getPanel() > 0 && type.getRank() != 2))
    return refuse(name, "of rank " + llvm::Twine(type.getRank()) + " cannot have panels of " +
                            llvm::Twine(layout.getPanel()) + " outputs");
  if (layout.getPanel() == 0 && !findFormat(layout.getFormat())->elementType)
    return refuse(name, "cannot be stored row by row as " + layout.getFormat());
  return Error::success();
}

/// The bits of the largest magnitude that `format` holds, as an f32. The bits of positive floats are ordered as they are.
static uint32_t largestBits(const Format &format, mlir::MLIRContext *context) {
  if (!format.elementType)
    return llvm::bit_cast<uint32_t>(std::numeric_limits<float>::max()); // scales follow the values
  mlir::Type type = format.elementType(context);
  llvm::APFloat largest = llvm::APFloat::getLargest(mlir::cast<mlir::FloatType>(type).getFloatSemantics());
  bool inexact;
  largest.convert(llvm::APFloat::IEEEsingle(), llvm::APFloat::rmTowardZero, &inexact);
  return llvm::bit_cast<uint32_t>(largest.convertToFloat());
}

/// One pass without branches: every row of the model goes through it.
static bool anyBeyond(ArrayRef<float> row, uint32_t largest) {
  uint32_t beyond = 0;
  for (float x : row)
    beyond |= int32_t(llvm::bit_cast<uint32_t>(x) & 0x7fffffff) > int32_t(largest);
  return beyond;
}

static Error refuseValue(llvm::StringRef name, ArrayRef<float> row, uint32_t largest, llvm::StringRef format) {
  for (float x : row)
    if (anyBeyond(x, largest))
      return refuse(name, std::isfinite(x) ? llvm::formatv("has the value {0}, which {1} cannot hold", x, format).str()
                                           : llvm::formatv("has a value that is not finite").str());
  llvm_unreachable("a value is beyond");
}

Error rwkvc::weight::packTensor(const PackRequest &request, llvm::function_ref<void(ArrayRef<float>)> onRow,
                                llvm::function_ref<Error(ArrayRef<uint8_t>)> sink) {
  if (Error error = checkPackable(request.name, request.type))
    return error;
  if (request.source.elements() != request.type.getNumElements())
    return refuse(request.name, "has " + llvm::Twine(request.source.elements()) + " elements in the checkpoint, but " +
                                    llvm::Twine(request.type.getNumElements()) + " in the program");

  Shape shape(request.type);
  Panel panel(request.type, layoutOf(request.type));
  const uint32_t largestSource = llvm::bit_cast<uint32_t>(std::numeric_limits<float>::max());
  const uint32_t largestStored = largestBits(panel.format, request.type.getContext());

  std::vector<float> rows(panel.rows * shape.inputs);
  // Of words, because formats write words.
  std::vector<uint64_t> packed(llvm::divideCeil(panel.packedBytes, sizeof(uint64_t)));
  uint8_t *bytes = reinterpret_cast<uint8_t *>(packed.data());

  for (int64_t row = 0; row < shape.outputs;) {
    for (int64_t i = 0; i < panel.rows; ++i, ++row) {
      llvm::MutableArrayRef<float> values(rows.data() + i * shape.inputs, shape.inputs);
      if (row >= shape.outputs) {
        std::fill(values.begin(), values.end(), 0.0f);
        continue;
      }
      request.source.readRow(row, values);
      if (anyBeyond(values, largestSource))
        return refuseValue(request.name, values, largestSource, panel.format.name);
      if (onRow)
        onRow(values);
      applyTransforms(request.transforms, request.table, values);
      if (anyBeyond(values, largestStored))
        return refuseValue(request.name, values, largestStored, panel.format.name);
    }
    panel.format.pack(rows.data(), shape.inputs, panel.rows, bytes);
    if (Error error = sink(ArrayRef(bytes, panel.bytes)))
      return error;
  }
  return Error::success();
}
