//===- ObserveInputs.cpp - What matrices are multiplied with --------------===//
//
// Adds states to the step, and changes nothing that it computes: whoever runs it over a text finds in them what
// dialects/Quant/InputMoments.h describes.
//
//===----------------------------------------------------------------------===//
#include "compiler/Passes/Passes.h"
#include "dialects/Kernel/Kernel.h"
#include "dialects/Quant/InputMoments.h"
#include "dialects/Quant/Weight.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"

namespace rwkvc::passes {
#define GEN_PASS_DEF_OBSERVEINPUTS
#include "compiler/Passes/Passes.h.inc"
} // namespace rwkvc::passes

using namespace mlir;
using namespace rwkvc;

/// `value` for every row of the step. Where it follows from picked rows, so that no state can walk through it, what
/// makes it is copied without the picking.
static Value forEveryRow(OpBuilder &builder, Value value, IRMapping &known) {
  Operation *maker = value.getDefiningOp();
  if (known.contains(value) || !maker || isa<weight::TensorOp>(maker))
    return known.lookupOrDefault(value);
  auto gather = dyn_cast<kernel::GatherOp>(maker);
  if (gather && !gather.getTable().getDefiningOp<weight::TensorOp>()) {
    known.map(value, gather.getTable());
    return gather.getTable();
  }
  bool differs = false;
  for (Value operand : maker->getOperands())
    differs |= forEveryRow(builder, operand, known) != operand;
  if (differs)
    builder.clone(*maker, known);
  else
    known.map(maker->getResults(), maker->getResults());
  return known.lookup(value);
}

/// state + x x^T, for each group of channels.
static void buildBody(kernel::ScanOp scan) {
  Location loc = scan.getLoc();
  auto channels = RankedTensorType::get({scan.getGroupSize()}, Float32Type::get(scan.getContext()));
  auto matrix = RankedTensorType::get({scan.getGroupSize(), scan.getGroupSize()}, channels.getElementType());
  OpBuilder builder(scan.getContext());
  Block *block = builder.createBlock(&scan.getBody(), {}, {channels, matrix}, {loc, loc});
  Value x = block->getArgument(0);
  Value columns = kernel::BroadcastOp::create(builder, loc, matrix, x, kernel::Axis::Columns);
  Value rows = kernel::BroadcastOp::create(builder, loc, matrix, x, kernel::Axis::Rows);
  Value product = arith::MulFOp::create(builder, loc, columns, rows);
  Value sum = arith::AddFOp::create(builder, loc, block->getArgument(1), product);
  kernel::YieldOp::create(builder, loc, sum);
}

namespace {

struct ObserveInputs : passes::impl::ObserveInputsBase<ObserveInputs> {
  using ObserveInputsBase::ObserveInputsBase;

  /// A new state of the step, and its number among the arguments.
  unsigned addState(RankedTensorType type, StringRef name) {
    func::FuncOp forward = getOperation();
    Builder builder(forward.getContext());
    unsigned index = forward.getNumArguments();
    auto attributes = builder.getDictionaryAttr({builder.getNamedAttr("rwkv.state", builder.getStringAttr(name)),
                                                 builder.getNamedAttr("rwkv.initial", builder.getF32FloatAttr(0))});
    if (failed(forward.insertArgument(index, type, attributes, forward.getLoc())) ||
        failed(forward.insertResult(index - 1, type, {})))
      llvm_unreachable("functions of the builtin kind take any type");
    return index;
  }

  void observe(Value x, StringRef name, IRMapping &known) {
    func::FuncOp forward = getOperation();
    Operation *end = forward.getBody().front().getTerminator();
    OpBuilder builder(end);
    int64_t channels = cast<RankedTensorType>(x.getType()).getDimSize(1), size = weight::momentsBlock(channels, block);
    auto type = RankedTensorType::get({channels / size, size, size}, builder.getF32Type());
    Value rows = forEveryRow(builder, x, known);
    Value state = forward.getArgument(addState(type, name));
    auto scan = kernel::ScanOp::create(builder, x.getLoc(), TypeRange(type), builder.getI64IntegerAttr(channels / size),
                                       rows, ValueRange(), state, kernel::ScheduleAttr());
    buildBody(scan);
    end->insertOperands(end->getNumOperands(), scan.getResults());
  }

  void runOnOperation() override {
    llvm::MapVector<Value, SmallVector<StringRef>> readers;
    getOperation().walk([&](kernel::GemmOp gemm) {
      if (auto weight = gemm.getWeight().getDefiningOp<weight::TensorOp>())
        readers[gemm.getX()].push_back(weight.getName());
    });
    IRMapping known;
    for (auto &[x, names] : readers)
      observe(x, weight::kMomentsOf + llvm::join(names, " "), known);
  }
};

} // namespace
