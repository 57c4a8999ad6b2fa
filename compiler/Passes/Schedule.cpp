//===- Schedule.cpp - Default schedules from a model of the target --------===//
//
// Speed only: any schedule computes the same.
//
//===----------------------------------------------------------------------===//
#include "compiler/Passes/Passes.h"
#include "dialects/Kernel/Kernel.h"
#include "dialects/Quant/Format.h"
#include "dialects/Quant/Weight.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/Support/MathExtras.h"

namespace rwkvc::passes {
#define GEN_PASS_DEF_SCHEDULE
#include "compiler/Passes/Passes.h.inc"
} // namespace rwkvc::passes

using namespace mlir;
using namespace rwkvc;

/// Channels in a unit of a scan: one cache line would do, four keep the loop's overhead small.
static constexpr int64_t kBlock = 64;

/// The panel that pads `outputs` least; the widest of those, which streams best.
static int64_t choosePanel(int64_t outputs) {
  int64_t best = 64;
  for (int64_t panel : {64, 32, 16})
    if (llvm::alignTo(outputs, panel) < llvm::alignTo(outputs, best))
      best = panel;
  return best;
}

/// The layout in which `operand`'s kernel reads a weight.
static weight::LayoutAttr layoutFor(OpOperand &operand) {
  StringRef stored = operand.get().getDefiningOp<weight::TensorOp>().getStoredFormat();
  MLIRContext *context = operand.getOwner()->getContext();

  auto gemm = dyn_cast<kernel::GemmOp>(operand.getOwner());
  if (gemm && operand.get() == gemm.getWeight())
    return weight::LayoutAttr::get(context, stored, gemm.getScheduleAttr().getPanel(),
                                   gemm.getScheduleAttr().getSkipZeros());
  if (isa<kernel::GatherOp>(operand.getOwner()))
    return weight::LayoutAttr::get(context, stored, weight::findFormat(stored)->elementType ? 0 : weight::kLanes,
                                   false);
  return weight::LayoutAttr::get(context, "f32", 0, false);
}

/// Gives the uses of `op` the layouts that they need: one copy of the op for each.
static void setLayouts(weight::TensorOp op) {
  OpBuilder builder(op);
  DenseMap<Attribute, Value> copies;
  for (OpOperand &use : llvm::make_early_inc_range(op.getResult().getUses())) {
    weight::LayoutAttr layout = layoutFor(use);
    Value &copy = copies[layout];
    if (!copy) {
      auto type = cast<RankedTensorType>(op.getType());
      auto clone = cast<weight::TensorOp>(builder.clone(*op));
      clone.removeStoredAttr(); // the layout has it
      clone.getResult().setType(RankedTensorType::get(type.getShape(), type.getElementType(), layout));
      copy = clone;
    }
    use.set(copy);
  }
  op.erase();
}

namespace {

struct Schedule : passes::impl::ScheduleBase<Schedule> {
  using ScheduleBase::ScheduleBase;

  /// Accumulators take three quarters of the registers; the rest holds weights and an input. A single row takes as
  /// many columns as do not spill.
  kernel::ScheduleAttr scheduleFor(int64_t outputs) {
    int64_t registers = vectorRegisters * vectorBits / (32 * weight::kLanes); // of kLanes each
    int64_t panel = choosePanel(outputs);
    int64_t columns = registers >= 32 ? panel : weight::kLanes;
    int64_t rows = std::max<int64_t>(1, registers * 3 / 4 / (columns / weight::kLanes));
    return kernel::ScheduleAttr::get(&getContext(), backend, panel, std::min<int64_t>(rows, 12), columns, kBlock,
                                     columns == panel ? 0 : panel, /*skip_zeros=*/false);
  }

  /// A sum takes three registers, since both halves of the integers are summed apart.
  kernel::ScheduleAttr integerScheduleFor(int64_t outputs) {
    bool isWide = vectorRegisters * vectorBits >= 32 * 512;
    int64_t panel = choosePanel(outputs);
    return kernel::ScheduleAttr::get(&getContext(), backend, panel, isWide ? 4 : 2,
                                     isWide ? std::min<int64_t>(panel, 32) : weight::kLanes, kBlock,
                                     isWide ? panel : std::min<int64_t>(panel, 32), /*skip_zeros=*/false);
  }

  void runOnOperation() override {
    getOperation().walk([&](kernel::KernelOpInterface op) {
      if (op.getScheduleAttr())
        return;
      auto gemm = dyn_cast<kernel::GemmOp>(*op);
      int64_t outputs = gemm ? cast<RankedTensorType>(gemm.getType()).getDimSize(1) : kBlock;
      bool isInteger = gemm && !cast<RankedTensorType>(gemm.getX().getType()).getElementType().isF32();
      op.setScheduleAttr(isInteger ? integerScheduleFor(outputs) : scheduleFor(outputs));
    });
    SmallVector<weight::TensorOp> weights;
    getOperation().walk([&](weight::TensorOp op) { weights.push_back(op); });
    for (weight::TensorOp op : weights)
      if (!cast<RankedTensorType>(op.getType()).getEncoding())
        setLayouts(op);
  }
};

} // namespace
