//===- TileInputMajor.cpp - kernel.gemm with an input-major weight --------===//
//
// One row skips inputs that are zero; many have few zeros in common, and widen a block of weights once.
//
//===----------------------------------------------------------------------===//
#include "compiler/Backends/LLVM/GemmEpilogue.h"
#include "compiler/Backends/LLVM/InputMajorGemm.h"
#include "compiler/Backends/LLVM/Tilers.h"
#include "compiler/Backends/LLVM/WidenedWeights.h"
#include "dialects/Quant/Weight.h"

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::llvm_backend;
using weight::kInputBlock;
using weight::kLanes;

static const weight::InputMajor &layoutOf(kernel::GemmOp op) {
  auto type = cast<RankedTensorType>(op.getWeight().getType());
  return *weight::findFormat(cast<weight::LayoutAttr>(type.getEncoding()).getFormat())->inputMajor;
}

InputMajorGemm::InputMajorGemm(kernel::GemmOp op, Emitter &emitter, const KernelFrame &frame)
    : op(op), emitter(emitter), frame(frame), layout(layoutOf(op)) {
  auto type = cast<RankedTensorType>(op.getWeight().getType());
  outputs = type.getDimSize(0);
  inputs = type.getDimSize(1);
}

Value InputMajorGemm::row(Value index) { return emitter.at(frame.pointers[0], emitter.mul(index, inputs * 4)); }

Value InputMajorGemm::piece(Value input) {
  Value first = emitter.at(frame.pointers[1], layout.headBytes(outputs));
  return emitter.at(first, emitter.mul(input, layout.pieceBytes(outputs)));
}

SmallVector<Value> InputMajorGemm::codes(Value piece, Value unit) {
  Value codes = emitter.at(piece, emitter.mul(unit, layout.codeBytes));
  return layout.emitLoad(emitter, emitter.getLoc(), codes, emitter.getFeatures());
}

void InputMajorGemm::finish(Value row, Value unit, ArrayRef<Value> sums) {
  int64_t last = outputs / kInputBlock, rest = outputs % kInputBlock;
  if (!rest)
    return finishBlock(row, unit, kInputBlock, sums);
  Value whole = arith::CmpIOp::create(emitter, arith::CmpIPredicate::slt, unit, emitter.i64(last));
  emitter.when(whole, [&] { finishBlock(row, unit, kInputBlock, sums); });
  Value part = arith::CmpIOp::create(emitter, arith::CmpIPredicate::eq, unit, emitter.i64(last));
  emitter.when(part, [&] { finishBlock(row, unit, rest, sums); });
}

void InputMajorGemm::finishBlock(Value row, Value unit, int64_t valid, ArrayRef<Value> sums) {
  Value output = emitter.mul(unit, kInputBlock);
  for (int64_t v = 0; v * kLanes < valid; ++v) {
    Value first = emitter.add(output, emitter.i64(v * kLanes)), sum = sums[v];
    if (layout.levelOutputs) {
      Value scales = emitter.load(emitter.at(frame.pointers[1], emitter.mul(first, 4)), {kLanes, kLanes});
      sum = arith::MulFOp::create(emitter, sum, scales);
    }
    emitGemmEpilogue(op, emitter, frame, row, first, {kLanes, std::min(kLanes, valid - v * kLanes)}, sum);
  }
}

namespace {

/// Blocks of all inputs by kInputBlock outputs, as f32 or as pairs of bf16: what rows are.
class InputMajorBlocks : public WidenedWeights {
public:
  explicit InputMajorBlocks(InputMajorGemm &gemm)
      : WidenedWeights(cast<RankedTensorType>(gemm.op.getX().getType()).getElementType().isBF16() ? weight::bf16Format
                                                                                                   : weight::f32Format,
                       kInputBlock),
        gemm(gemm), emitter(gemm.emitter) {}

  Value widen(Value unit, Value firstInput, Value inputs, Value panel, int64_t ahead) override {
    emitter.loop(emitter.i64(0), inputs, format.inputStep, {}, [&](Value k, ValueRange) -> SmallVector<Value> {
      Value input = emitter.add(firstInput, k);
      Value to = emitter.at(panel, emitter.mul(k, columns * format.stepBytes / format.inputStep));
      SmallVector<Value> weights = format.isPairs ? loadPairs(unit, input) : load(unit, input);
      for (int64_t v = 0; v < kBlockVectors; ++v)
        LLVM::StoreOp::create(emitter, weights[v], emitter.at(to, v * kLanes * 4), 64);
      for (int64_t i = 0; i < format.inputStep; ++i)
        emitter.prefetch(codes(unit, emitter.add(input, emitter.i64(ahead + i))), gemm.layout.codeBytes);
      return {};
    });
    return panel;
  }

  void finish(Value row, Value unit, ArrayRef<Value> sums) override { gemm.finish(row, unit, sums); }

private:
  /// A unit's weights of `input` and of the next one.
  SmallVector<Value> loadPairs(Value unit, Value input) {
    return gemm.layout.emitLoadPairs(emitter, emitter.getLoc(), codes(unit, input),
                                     codes(unit, emitter.add(input, emitter.i64(1))));
  }

  Value codes(Value unit, Value input) {
    return emitter.at(gemm.piece(input), emitter.mul(unit, gemm.layout.codeBytes));
  }

  /// A unit's weights of `input`, but for their outputs' scales.
  SmallVector<Value> load(Value unit, Value input) {
    Value piece = gemm.piece(input);
    SmallVector<Value> weights = gemm.codes(piece, unit);
    int64_t group = gemm.layout.levelOutputs;
    if (!group)
      return weights;
    Value levels = emitter.at(gemm.levels(piece), emitter.mul(unit, kInputBlock / group));
    for (int64_t v = 0; v < kBlockVectors; ++v) {
      Value level = LLVM::LoadOp::create(emitter, emitter.getI8Type(), emitter.at(levels, v * kLanes / group), 1);
      level = arith::SIToFPOp::create(emitter, emitter.getF32Type(), level);
      weights[v] = arith::MulFOp::create(emitter, weights[v], emitter.splat(level, kLanes));
    }
    return weights;
  }

  InputMajorGemm &gemm;
  Emitter &emitter;
};

} // namespace

void llvm_backend::tileInputMajor(kernel::GemmOp op, Emitter &emitter, const KernelFrame &frame) {
  InputMajorGemm gemm(op, emitter, frame);
  if (op.getScheduleAttr().getMostRows() == 1)
    return emitActiveSums(gemm);
  InputMajorBlocks blocks(gemm);
  emitWidenedGemm(op, emitter, frame, blocks);
}
