//===- PanelWeights.h - Panels that many rows widen --------------*- C++ -*-===//
#ifndef COMPILER_BACKENDS_LLVM_PANELWEIGHTS_H
#define COMPILER_BACKENDS_LLVM_PANELWEIGHTS_H

#include "compiler/Backends/LLVM/DotProduct.h"
#include "compiler/Backends/LLVM/WidenedWeights.h"
#include "dialects/Quant/Weight.h"

namespace rwkvc::llvm_backend {

/// How the weight of `op` lies.
weight::LayoutAttr layoutOf(kernel::GemmOp op);

/// Where a panel lies, and what follows its sums.
class PanelWeights : public WidenedWeights {
public:
  void finish(mlir::Value row, mlir::Value unit, mlir::ArrayRef<mlir::Value> sums) override;

protected:
  PanelWeights(const weight::Format &widened, kernel::GemmOp op, Emitter &emitter, const KernelFrame &frame,
               bool isCopied = true);
  mlir::Value panelOf(mlir::Value unit);
  mlir::Value stepOf(mlir::Value panel, mlir::Value input); // the stored one that `input` is in

  Emitter &emitter;
  const weight::Format &stored;

private:
  kernel::GemmOp op;
  const KernelFrame &frame;
  int64_t outputs, inputs;
};

/// Weights that are multiplied as they are stored.
class StoredPanels : public PanelWeights {
public:
  StoredPanels(kernel::GemmOp op, Emitter &emitter, const KernelFrame &frame);
  mlir::Value widen(mlir::Value unit, mlir::Value firstInput, mlir::Value, mlir::Value, int64_t) override;
  void finish(mlir::Value row, mlir::Value unit, mlir::ArrayRef<mlir::Value> sums) override;
};

/// f16 as pairs of bf16.
class HalfPairs : public PanelWeights {
public:
  HalfPairs(kernel::GemmOp op, Emitter &emitter, const KernelFrame &frame);
  mlir::Value widen(mlir::Value unit, mlir::Value firstInput, mlir::Value inputs, mlir::Value panel, int64_t) override;
};

/// Quantised weights as f32.
class PlainFloats : public PanelWeights {
public:
  PlainFloats(kernel::GemmOp op, Emitter &emitter, const KernelFrame &frame)
      : PanelWeights(weight::f32Format, op, emitter, frame) {}
  mlir::Value widen(mlir::Value unit, mlir::Value firstInput, mlir::Value inputs, mlir::Value panel, int64_t) override;
};

/// Groups of 4-bit codes as larger groups of 8-bit ones: f32 scales of all outputs, then their codes by fours.
class JoinedGroups : public PanelWeights {
public:
  JoinedGroups(kernel::GemmOp op, Emitter &emitter, const KernelFrame &frame, kernel::GroupsAttr groups);
  mlir::Value widen(mlir::Value unit, mlir::Value firstInput, mlir::Value inputs, mlir::Value panel, int64_t) override;

private:
  void widenGroup(mlir::Value head, mlir::Value steps, mlir::Value to, int64_t column);

  std::unique_ptr<DotProduct> dot;
};

} // namespace rwkvc::llvm_backend

#endif // COMPILER_BACKENDS_LLVM_PANELWEIGHTS_H
