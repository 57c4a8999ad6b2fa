//===- Pack.cpp - From a checkpoint's tensor to the module's bytes --------===//
//
// Everything passes through f32: source -> f32 -> transforms -> format. Between floating-point formats that is exact
// whenever the target can hold the value.
//
//===----------------------------------------------------------------------===//
#include "dialects/Quant/Pack.h"
#include "dialects/Quant/Feedback.h"
#include "dialects/Quant/Format.h"
#include "dialects/Quant/InputMajorWeight.h"
#include "dialects/Quant/Transform.h"
#include "dialects/Quant/Turns.h"
#include "dialects/Quant/ValueRange.h"
#include "dialects/Quant/Weight.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/Threading.h"
#include <atomic>
#include <thread>
#include <vector>

using namespace rwkvc;
using namespace rwkvc::weight;
using llvm::ArrayRef;
using llvm::Error;

/// Elements of a piece: enough that taking one costs nothing beside packing it.
static constexpr int64_t kPieceElements = 1 << 16;

/// Threads beyond these would wait for the hashes and the file.
static constexpr unsigned kMostThreads = 16;

namespace {

/// A weight seen as [outputs, inputs]: a vector is one row, more dimensions are more rows.
struct Shape {
  explicit Shape(mlir::RankedTensorType type)
      : inputs(type.getRank() ? type.getShape().back() : 1), outputs(type.getNumElements() / inputs) {}

  int64_t inputs, outputs;
};

struct Panel {
  Panel(mlir::RankedTensorType type, LayoutAttr layout, const InputMoments *moments = nullptr)
      : format(*findFormat(layout.getFormat())) {
    Shape shape(type);
    rows = std::max<int64_t>(layout.getPanel(), 1);
    count = llvm::divideCeilSigned(shape.outputs, rows);
    inputMajor = layout.getInputMajor() ? format.inputMajor : nullptr;
    packedBytes =
        inputMajor ? InputMajorWeight::blockBytes(*inputMajor, shape.inputs) : format.panelBytes(shape.inputs, rows);
    // A row-major row is not padded to the format's step.
    bytes = layout.getPanel() ? packedBytes : shape.inputs * format.stepBytes / format.inputStep;
    if (moments && layout.getPanel() && !inputMajor && format.packWithFeedback)
      feedback.emplace(*moments);
  }

  void pack(const float *values, int64_t inputs, uint8_t *out) const {
    if (inputMajor)
      InputMajorWeight::packBlock(*inputMajor, values, inputs, out);
    else if (feedback)
      format.packWithFeedback(values, inputs, rows, *feedback, out);
    else
      format.pack(values, inputs, rows, out);
  }

  const Format &format;
  const InputMajor *inputMajor; // or null
  std::optional<Feedback> feedback;
  int64_t rows, count;
  uint64_t bytes, packedBytes;
};

} // namespace

static LayoutAttr layoutOf(mlir::RankedTensorType type) {
  return llvm::dyn_cast_or_null<LayoutAttr>(type.getEncoding());
}

uint64_t rwkvc::weight::packedBytes(mlir::RankedTensorType type) {
  Panel panel(type, layoutOf(type));
  if (panel.inputMajor)
    return panel.inputMajor->bytes(Shape(type).outputs, Shape(type).inputs);
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
  if (findFormat(layout.getFormat())->codeBits && layout.getPanel() % kLanes)
    return refuse(name,
                  "cannot have panels of " + llvm::Twine(layout.getPanel()) + " outputs as " + layout.getFormat());
  if (layout.getInputMajor() && (!findFormat(layout.getFormat())->inputMajor || layout.getPanel() != kInputBlock))
    return refuse(name, "cannot be input-major as " + layout.getFormat() + " in panels of " +
                            llvm::Twine(layout.getPanel()) + " outputs");
  return Error::success();
}

namespace {

/// Some panels, and the memory that they pass through.
class Piece {
public:
  Piece(const PackRequest &request, const Shape &shape, const Panel &panel, int64_t panels)
      : request(request), shape(shape), panel(panel), panels(panels), stored(panel.format, request.type.getContext()),
        values(panels * panel.rows * shape.inputs),
        packed(llvm::divideCeil((panels - 1) * panel.bytes + panel.packedBytes, sizeof(uint64_t))) {}

  Error read(int64_t index) {
    first = index * panels * panel.rows;
    count = std::min(panels * panel.rows, shape.outputs - first);
    std::fill(values.begin() + count * shape.inputs, values.end(), 0.0f);
    for (int64_t i = 0; i < count; ++i) {
      request.source.readRow(first + i, row(i));
      if (Error error = finite.check(request.name, row(i)))
        return error;
    }
    return Error::success();
  }

  Error pack() {
    for (int64_t i = 0; i < count; ++i) {
      applyTransforms(request.transforms, request.table, row(i));
      if (Error error = stored.check(request.name, row(i)))
        return error;
    }
    std::fill(packed.begin(), packed.end(), 0);
    for (int64_t i = 0; i * panel.rows < count; ++i)
      panel.pack(values.data() + i * panel.rows * shape.inputs, shape.inputs, bytes(i));
    return Error::success();
  }

  void showRows(llvm::function_ref<void(ArrayRef<float>)> onRow) {
    for (int64_t i = 0; onRow && i < count; ++i)
      onRow(row(i));
  }

  Error write(llvm::function_ref<Error(ArrayRef<uint8_t>)> sink) {
    return sink(ArrayRef(bytes(0), llvm::divideCeilSigned(count, panel.rows) * panel.bytes));
  }

private:
  llvm::MutableArrayRef<float> row(int64_t i) { return {values.data() + i * shape.inputs, size_t(shape.inputs)}; }
  uint8_t *bytes(int64_t i) { return reinterpret_cast<uint8_t *>(packed.data()) + i * panel.bytes; }

  const PackRequest &request;
  const Shape &shape;
  const Panel &panel;
  int64_t panels, first = 0, count = 0;
  ValueRange finite, stored;
  std::vector<float> values;
  std::vector<uint64_t> packed; // of words, because formats write words
};

} // namespace

/// What a transform reads is refused by its own name, not by that of the weight that it would spoil.
static Error checkTransforms(const PackRequest &request) {
  if (!request.transforms)
    return Error::success();
  for (mlir::Attribute transform : request.transforms) {
    auto norm = mlir::dyn_cast<LayerNormAttr>(transform);
    if (!norm)
      continue;
    for (llvm::StringRef name : {norm.getScale(), norm.getOffset()}) {
      const TensorView &view = request.table.find(name)->second;
      std::vector<float> values(view.elements());
      view.readRow(0, values);
      if (Error error = ValueRange().check(name, values))
        return error;
    }
  }
  return Error::success();
}

Error rwkvc::weight::packTensor(const PackRequest &request, llvm::function_ref<void(ArrayRef<float>)> onRow,
                                llvm::function_ref<Error(ArrayRef<uint8_t>)> sink) {
  if (Error error = checkPackable(request.name, request.type))
    return error;
  if (Error error = checkTransforms(request))
    return error;
  if (request.source.elements() != request.type.getNumElements())
    return refuse(request.name, "has " + llvm::Twine(request.source.elements()) + " elements in the checkpoint, but " +
                                    llvm::Twine(request.type.getNumElements()) + " in the program");

  Shape shape(request.type);
  Panel panel(request.type, layoutOf(request.type), request.moments);
  const int64_t panels = std::clamp<int64_t>(kPieceElements / (panel.rows * shape.inputs), 1, panel.count);
  const int64_t pieces = llvm::divideCeilSigned(panel.count, panels);

  // Blocks of input-major weights lie side by side.
  std::optional<InputMajorWeight> whole;
  if (panel.inputMajor)
    whole.emplace(*panel.inputMajor, shape.outputs, shape.inputs);
  auto put = [&](ArrayRef<uint8_t> bytes) -> Error {
    if (!whole)
      return sink(bytes);
    whole->append(bytes);
    return Error::success();
  };

  std::atomic<int64_t> next = 0;
  Turns reading, writing;
  Error failure = Error::success();
  auto work = [&] {
    Piece piece(request, shape, panel, panels);
    for (int64_t i; (i = next++) < pieces;) {
      Error error = piece.read(i);
      if (reading.wait(i)) {
        piece.showRows(onRow);
        reading.end();
      }
      if (!error)
        error = piece.pack();
      if (!writing.wait(i))
        return llvm::consumeError(std::move(error));
      if (!error)
        error = piece.write(put);
      if (error) {
        failure = llvm::joinErrors(std::move(failure), std::move(error));
        reading.stop();
        writing.stop();
        return;
      }
      writing.end();
    }
  };
  unsigned allowed = request.threads ? request.threads : llvm::hardware_concurrency().compute_thread_count();
  std::vector<std::thread> others(std::min<int64_t>(std::min(allowed, kMostThreads), pieces) - 1);
  for (std::thread &other : others)
    other = std::thread(work);
  work();
  for (std::thread &other : others)
    other.join();
  if (!failure && whole)
    return sink(whole->bytes());
  return failure;
}
