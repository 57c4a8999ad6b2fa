//===- RwkvToKernel.cpp - Every op of the model becomes one kernel --------===//
//
// Knows no version of the recurrence by name: RecurrenceOpInterface gives the operands of
// a scan and emits its body.
//
//===----------------------------------------------------------------------===//
#include "compiler/Passes/BodyCloning.h"
#include "compiler/Passes/Passes.h"
#include "dialects/Kernel/Kernel.h"
#include "dialects/Quant/Weight.h"
#include "dialects/RWKV/RWKV.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Transforms/DialectConversion.h"

namespace rwkvc::passes {
#define GEN_PASS_DEF_RWKVTOKERNEL
#include "compiler/Passes/Passes.h.inc"
} // namespace rwkvc::passes

using namespace mlir;
using namespace rwkvc;

static bool isRows(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && tensor.getRank() == 2 && tensor.getElementType().isF32();
}

/// The new values of `range`, a part of an op's operands.
static ValueRange remapped(OperandRange range, ArrayRef<Value> operands) {
  // An empty range has no first operand to ask for its number.
  return range.empty() ? ValueRange() : ValueRange(operands.slice(range.getBeginOperandIndex(), range.size()));
}

/// An empty block in `body` with one argument for each of `types`; leaves the rewriter in it.
static Block *startBody(ConversionPatternRewriter &rewriter, Region &body, Location loc, TypeRange types) {
  return rewriter.createBlock(&body, body.end(), types, SmallVector<Location>(types.size(), loc));
}

namespace {

/// Any recurrence -> scan around the op's own step.
struct LowerRecurrence : OpInterfaceConversionPattern<rwkv::RecurrenceOpInterface> {
  using OpInterfaceConversionPattern::OpInterfaceConversionPattern;

  LogicalResult matchAndRewrite(rwkv::RecurrenceOpInterface op, ArrayRef<Value> operands,
                                ConversionPatternRewriter &rewriter) const override {
    if (!llvm::all_of(op.getSequences().getTypes(), isRows))
      return rewriter.notifyMatchFailure(op, "acts on a weight that was not folded");
    ValueRange rows = remapped(op.getSequences(), operands), constants = remapped(op.getConstants(), operands),
               states = remapped(op.getInitialStates(), operands);
    Location loc = op.getLoc();
    auto scan = kernel::ScanOp::create(rewriter, loc, op->getResultTypes(), rewriter.getI64IntegerAttr(op.getGroups()),
                                       rows, constants, states, kernel::ScheduleAttr());

    SmallVector<Type> types;
    for (Type type : scan->getOperandTypes())
      types.push_back(passes::groupType(type, scan.getGroupSize()));
    Block *block = startBody(rewriter, scan.getBody(), loc, types);
    ValueRange values = block->getArguments();
    SmallVector<Value> next = op.emitStep(rewriter, loc, values.take_front(rows.size()),
                                          values.slice(rows.size(), constants.size()), values.take_back(states.size()));
    kernel::YieldOp::create(rewriter, loc, next);
    rewriter.replaceOp(op, scan);
    return success();
  }
};

/// Element-wise arithmetic on rows -> scan with the same op in its body.
struct LowerElementwise : OpTraitConversionPattern<OpTrait::Elementwise> {
  using OpTraitConversionPattern::OpTraitConversionPattern;

  LogicalResult matchAndRewrite(Operation *op, ArrayRef<Value> operands,
                                ConversionPatternRewriter &rewriter) const override {
    if (op->getNumResults() != 1 || !isRows(op->getResult(0).getType()) || !llvm::all_of(op->getOperandTypes(), isRows))
      return rewriter.notifyMatchFailure(op, "does not map f32 rows to f32 rows");
    Location loc = op->getLoc();
    auto scan = kernel::ScanOp::create(rewriter, loc, op->getResultTypes(), rewriter.getI64IntegerAttr(1), operands,
                                       ValueRange(), ValueRange(), kernel::ScheduleAttr());

    Type channels = RankedTensorType::get({scan.getChannels()}, rewriter.getF32Type());
    Block *block = startBody(rewriter, scan.getBody(), loc, SmallVector<Type>(operands.size(), channels));
    Operation *step =
        rewriter.create(loc, op->getName().getIdentifier(), block->getArguments(), channels, op->getAttrs());
    kernel::YieldOp::create(rewriter, loc, step->getResults());
    rewriter.replaceOp(op, scan);
    return success();
  }
};

/// embed, take_rows -> gather
template <typename Op> struct LowerGather : OpConversionPattern<Op> {
  using OpConversionPattern<Op>::OpConversionPattern;

  LogicalResult matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    ValueRange operands = adaptor.getOperands(); // the table, then the indices
    rewriter.replaceOpWithNewOp<kernel::GatherOp>(op, op->getResultTypes(), operands[0], operands[1],
                                                  kernel::ScheduleAttr());
    return success();
  }
};

/// linear -> gemm, the bias in the epilogue
struct LowerLinear : OpConversionPattern<rwkv::LinearOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult matchAndRewrite(rwkv::LinearOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    SmallVector<Value, 1> bias;
    if (adaptor.getBias())
      bias.push_back(adaptor.getBias());
    auto gemm = kernel::GemmOp::create(rewriter, loc, op.getType(), adaptor.getX(), adaptor.getWeight(), ValueRange(),
                                       bias, kernel::ScheduleAttr(), FloatAttr());

    Block *block = startBody(rewriter, gemm.getBody(), loc, SmallVector<Type>(1 + bias.size(), rewriter.getF32Type()));
    Value sum = block->getArgument(0);
    if (!bias.empty())
      sum = arith::AddFOp::create(rewriter, loc, sum, block->getArgument(1));
    kernel::YieldOp::create(rewriter, loc, sum);
    rewriter.replaceOp(op, gemm);
    return success();
  }
};

struct RwkvToKernel : passes::impl::RwkvToKernelBase<RwkvToKernel> {
  void runOnOperation() override {
    ConversionTarget target(getContext());
    target.addLegalDialect<kernel::KernelDialect, weight::WeightDialect, func::FuncDialect>();
    // Arithmetic is the language of bodies, and of nothing else.
    target.addDynamicallyLegalDialect<arith::ArithDialect, math::MathDialect>(
        [](Operation *op) { return isa<kernel::KernelOpInterface>(op->getParentOp()); });

    RewritePatternSet patterns(&getContext());
    patterns
        .add<LowerRecurrence, LowerElementwise, LowerGather<rwkv::EmbedOp>, LowerGather<rwkv::TakeRowsOp>, LowerLinear>(
            &getContext());
    if (failed(applyFullConversion(getOperation(), target, std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
