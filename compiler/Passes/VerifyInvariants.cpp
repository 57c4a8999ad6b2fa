//===- VerifyInvariants.cpp - What each phase promises --------------------===//
//
// One function for each promise and one table that says which phases keep it. Verifiers of
// single ops hold always and are not repeated here.
//
//===----------------------------------------------------------------------===//
#include "compiler/Passes/Passes.h"
#include "compiler/Passes/Programs.h"
#include "compiler/Passes/StatePassing.h"
#include "dialects/Kernel/Kernel.h"
#include "dialects/Quant/Weight.h"
#include "dialects/RWKV/RWKV.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"

namespace rwkvc::passes {
#define GEN_PASS_DEF_VERIFYINVARIANTS
#include "compiler/Passes/Passes.h.inc"
} // namespace rwkvc::passes

using namespace mlir;
using namespace rwkvc;
using func::FuncOp;

/// The step takes tokens, wanted rows and states, and returns logits and the states' next values.
static LogicalResult verifySignature(FuncOp step) {
  FunctionType type = step.getFunctionType();
  if (type.getNumInputs() < 2 || type.getNumResults() + 1 != type.getNumInputs())
    return step.emitOpError() << "takes " << type.getNumInputs() << " values and returns " << type.getNumResults()
                              << ", but must take tokens, wanted rows and states, and return logits and the states";
  for (unsigned i = 2; i < type.getNumInputs(); ++i) {
    if (!step.getArgAttr(i, "rwkv.state") || !step.getArgAttr(i, "rwkv.initial"))
      return step.emitOpError() << "has no name or no initial value for the state in argument " << i;
    if (type.getInput(i) != type.getResult(i - 1))
      return step.emitOpError() << "takes the state " << type.getInput(i) << " and returns " << type.getResult(i - 1);
  }
  return success();
}

static LogicalResult verifyModelOps(FuncOp step) {
  for (Operation &op : step.getBody().front())
    if (!isa<rwkv::RWKVDialect, weight::WeightDialect, arith::ArithDialect, math::MathDialect, func::FuncDialect>(
            op.getDialect()))
      return op.emitOpError("is no op of a model");
  return success();
}

static LogicalResult verifyFolded(FuncOp step) {
  for (Operation &op : step.getBody().front()) {
    auto isWeight = [](Value operand) { return operand.getDefiningOp<weight::TensorOp>() != nullptr; };
    if (op.getNumOperands() && !isa<func::ReturnOp>(op) && llvm::all_of(op.getOperands(), isWeight))
      return op.emitOpError("is computed from weights alone, which no weight format can express");
  }
  return success();
}

static LogicalResult verifyKernelOps(FuncOp step) {
  for (Operation &op : step.getBody().front())
    if (!isa<kernel::KernelOpInterface, weight::TensorOp, func::ReturnOp>(op))
      return op.emitOpError("is neither a kernel nor a weight");
  return success();
}

static LogicalResult verifyStates(FuncOp step) {
  auto results = step.getBody().front().getTerminator()->getOperands();
  for (unsigned i = 2; i < step.getNumArguments(); ++i) {
    FailureOr<OpResult> last = passes::finalState(step.getArgument(i));
    if (failed(last))
      return step.emitOpError() << "uses the state in argument " << i << " other than as the state of one scan";
    if (results[i - 1] != passes::visibleResult(*last))
      return step.emitOpError() << "does not return the final value of the state in argument " << i;
  }
  return success();
}

static LogicalResult verifyScheduled(FuncOp function) {
  WalkResult result = function.walk([](kernel::KernelOpInterface op) {
    if (!op.getScheduleAttr())
      return op->emitOpError("has no schedule"), WalkResult::interrupt();
    auto gemm = dyn_cast<kernel::GemmOp>(*op);
    if (gemm && !isa_and_present<weight::LayoutAttr>(cast<RankedTensorType>(gemm.getWeight().getType()).getEncoding()))
      return op->emitOpError("multiplies with a weight that has no layout"), WalkResult::interrupt();
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

static LogicalResult verifyParallel(FuncOp step) {
  for (Operation &op : step.getBody().front()) {
    if (!isa<kernel::ParallelOp, weight::TensorOp, func::ReturnOp>(op))
      return op.emitOpError("is neither a parallel region nor a weight");
    if (auto parallel = dyn_cast<kernel::ParallelOp>(op))
      for (Operation &inner : parallel.getBody().front().without_terminator())
        if (!isa<kernel::CallOp>(inner))
          return inner.emitOpError("is in a parallel region, but calls no kernel");
  }
  auto module = cast<ModuleOp>(step->getParentOp());
  SmallVector<FuncOp> programs = passes::programs(module);
  for (FuncOp function : module.getOps<FuncOp>()) {
    if (llvm::is_contained(programs, function))
      continue;
    auto ops = function.isExternal() ? 0 : llvm::range_size(function.getBody().front());
    if (!function.isPrivate() || ops != 2 || !isa<kernel::KernelOpInterface>(function.getBody().front().front()))
      return function.emitOpError("is not a private function of one kernel");
    if (failed(verifyScheduled(function)))
      return failure();
  }
  return success();
}

static LogicalResult verifyPlaces(FuncOp step) {
  for (unsigned i = 0; i < step.getNumArguments(); ++i)
    if (!step.getArgAttrOfType<kernel::PlaceAttr>(i, "kernel.place"))
      return step.emitOpError() << "has no place for argument " << i;
  WalkResult walk = step.walk([](Operation *op) {
    auto call = dyn_cast<kernel::CallOp>(op);
    if ((call && !call.getPlacesAttr()) ||
        (isa<weight::TensorOp>(op) && !op->hasAttrOfType<kernel::PlaceAttr>("place")))
      return op->emitOpError("has no place"), WalkResult::interrupt();
    return WalkResult::advance();
  });
  if (walk.wasInterrupted())
    return failure();

  // A step writes a sequence's states where it found them.
  for (unsigned i = 2; i < step.getNumArguments(); ++i) {
    OpResult last = *passes::finalState(step.getArgument(i));
    auto call = cast<kernel::CallOp>(last.getOwner());
    if (call.getPlacesAttr()[last.getResultNumber()] != step.getArgAttr(i, "kernel.place"))
      return call.emitOpError() << "does not write the state in argument " << i << " to its place";
  }
  return success();
}

using Check = LogicalResult (*)(FuncOp step);

/// Null if there is no such phase.
static ArrayRef<Check> checksOf(StringRef phase) {
  static constexpr Check import[] = {verifySignature, verifyModelOps};
  static constexpr Check fold[] = {verifySignature, verifyModelOps, verifyFolded};
  static constexpr Check kernel[] = {verifySignature, verifyKernelOps, verifyStates};
  static constexpr Check schedule[] = {verifySignature, verifyKernelOps, verifyStates, verifyScheduled};
  static constexpr Check parallel[] = {verifySignature, verifyParallel, verifyStates};
  static constexpr Check plan[] = {verifySignature, verifyParallel, verifyStates, verifyPlaces};
  static const llvm::StringMap<ArrayRef<Check>> checks = {
      {"import", import},     {"fold", fold},         {"kernel", kernel}, {"fuse", kernel},
      {"schedule", schedule}, {"parallel", parallel}, {"plan", plan}};
  return checks.lookup(phase);
}

namespace {

struct VerifyInvariants : passes::impl::VerifyInvariantsBase<VerifyInvariants> {
  using VerifyInvariantsBase::VerifyInvariantsBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    ArrayRef<Check> checks = checksOf(phase);
    if (checks.empty()) {
      module.emitError() << "there is no phase '" << phase << "'";
      return signalPassFailure();
    }
    SmallVector<FuncOp> programs = passes::programs(module);
    if (programs.empty() || !llvm::all_of(programs, [](FuncOp step) { return step.getBody().hasOneBlock(); })) {
      module.emitError("has no function @forward of one block");
      return signalPassFailure();
    }
    for (FuncOp step : programs)
      for (Check check : checks)
        if (failed(check(step)))
          return signalPassFailure();
    markAllAnalysesPreserved();
  }
};

} // namespace
