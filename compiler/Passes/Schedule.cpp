//===- Schedule.cpp - Default schedules from a model of the target --------===//
//
// Speed only: any schedule computes the same.
//
//===----------------------------------------------------------------------===//
#include "compiler/Passes/Passes.h"
#include "compiler/Passes/Programs.h"
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
static int64_t choosePanel(int64_t outputs, int64_t widest) {
  int64_t best = widest;
  for (int64_t panel : {64, 32, 16})
    if (panel < widest && llvm::alignTo(outputs, panel) < llvm::alignTo(outputs, best))
      best = panel;
  return best;
}

static const weight::Format &formatOf(kernel::GemmOp gemm) {
  return *weight::findFormat(gemm.getWeight().getDefiningOp<weight::TensorOp>().getStoredFormat());
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

  /// NEON's: kLanes are four registers.
  bool isNarrow() const { return vectorBits < 256; }

  /// AVX-512's, not AVX2's.
  bool isWide() { return registers() >= 32; }

  int64_t registers() { return vectorRegisters * vectorBits / (32 * weight::kLanes); } // of kLanes each

  /// One row takes a panel as it lies, and asks for memory ahead (docs/RationaleKernel.md).
  kernel::ScheduleAttr singleRow(int64_t panel) {
    return kernel::ScheduleAttr::get(&getContext(), backend, panel, /*tile_rows=*/1, /*tile_columns=*/panel, kBlock,
                                     /*most_rows=*/1, /*skip_zeros=*/false, /*tile_inputs=*/0, prefetch);
  }

  kernel::ScheduleAttr manyRows(int64_t panel, int64_t rows, int64_t columns, int64_t most) {
    return kernel::ScheduleAttr::get(&getContext(), backend, panel, std::clamp<int64_t>(rows, 1, 12), columns, kBlock,
                                     most, /*skip_zeros=*/false, /*tile_inputs=*/0, /*prefetch=*/0);
  }

  /// Accumulators take three quarters of the registers; the rest holds weights and an input.
  kernel::ScheduleAttr floatSchedule(int64_t outputs, int64_t most) {
    int64_t panel = choosePanel(outputs, isWide() ? 64 : isNarrow() ? 32 : 16);
    if (most == 1)
      return singleRow(panel);
    int64_t columns = isWide() ? panel : weight::kLanes;
    // The fewer rows there are, the more it counts that tiles are full.
    int64_t rows = registers() * (most ? 2 : 3) / 4 / (columns / weight::kLanes);
    return manyRows(panel, rows, columns, most);
  }

  /// A sum takes two registers: the integers of the group, and the f32 of all. Codes of 4 bits are looked up for every
  /// tile, so that more rows are better than more columns.
  kernel::ScheduleAttr integerSchedule(kernel::GemmOp gemm, int64_t outputs, int64_t most) {
    int64_t panel = choosePanel(outputs, isWide() ? 64 : 16);
    if (most == 1)
      return singleRow(panel);
    if (!isWide())
      return manyRows(panel, isNarrow() ? 2 : 4, weight::kLanes, most);
    bool looksUp = formatOf(gemm).codeValues && most;
    return looksUp ? manyRows(panel, 4, std::min<int64_t>(panel, 32), most)
                   : manyRows(panel, panel == 64 ? 3 : 4, std::min<int64_t>(panel, 64), most);
  }

  /// Of a kernel without a weight.
  kernel::ScheduleAttr rowSchedule(int64_t block, int64_t rows = 1) {
    return kernel::ScheduleAttr::get(&getContext(), backend, weight::kLanes, rows, weight::kLanes, block, /*most_rows=*/0,
                                     /*skip_zeros=*/false, /*tile_inputs=*/0, /*prefetch=*/0);
  }

  /// The rows of a matrix stay in registers while they are summed.
  kernel::ScheduleAttr scanSchedule(kernel::ScanOp op) {
    int64_t size = op.getGroupSize();
    bool fits = isWide() && op.hasMatrixState() && size <= 4 * weight::kLanes && size % weight::kLanes == 0;
    return rowSchedule(kBlock, fits ? 4 : 1);
  }

  /// Units of the columns that the maker of the rows has, so that no thread waits for another in between.
  kernel::ScheduleAttr quantiseSchedule(kernel::QuantizeOp op) {
    auto maker = op.getX().getDefiningOp<kernel::KernelOpInterface>();
    int64_t columns = maker ? maker.getUnitColumns() : kBlock;
    int64_t step = op.getGroups() ? op.getGroups().getSize() : weight::kLanes;
    return rowSchedule(columns % step ? kBlock : columns);
  }

  void runOnOperation() override {
    int64_t most = passes::mostRows(getOperation());
    getOperation().walk([&](kernel::KernelOpInterface op) {
      if (op.getScheduleAttr())
        return;
      auto gemm = dyn_cast<kernel::GemmOp>(*op);
      if (auto quantise = dyn_cast<kernel::QuantizeOp>(*op))
        return quantise.setScheduleAttr(quantiseSchedule(quantise));
      if (auto scan = dyn_cast<kernel::ScanOp>(*op))
        return scan.setScheduleAttr(scanSchedule(scan));
      if (!gemm)
        return op.setScheduleAttr(rowSchedule(kBlock));
      int64_t outputs = cast<RankedTensorType>(gemm.getType()).getDimSize(1);
      Type x = cast<RankedTensorType>(gemm.getX().getType()).getElementType();
      int64_t limit = passes::kernelRows(gemm, most);
      op.setScheduleAttr(isa<IntegerType>(x) ? integerSchedule(gemm, outputs, limit) : floatSchedule(outputs, limit));
    });
    SmallVector<weight::TensorOp> weights;
    getOperation().walk([&](weight::TensorOp op) { weights.push_back(op); });
    for (weight::TensorOp op : weights)
      if (!cast<RankedTensorType>(op.getType()).getEncoding())
        setLayouts(op);
  }
};

} // namespace
