//===- MergeKernels.cpp - Two kernels become one --------------------------===//
//
// Both bodies are copied one after the other into the body of a new kernel, where the
// producer's yielded values stand for the consumer's arguments.
//
//===----------------------------------------------------------------------===//
#include "compiler/Passes/MergeKernels.h"
#include "compiler/Passes/BodyCloning.h"
#include "compiler/Passes/Dependence.h"
#include "mlir/IR/Dominance.h"
#include "mlir/Transforms/CSE.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::passes;

/// The values of a body that depend on `sources`.
static DenseSet<Value> dependentValues(Block &body, ValueRange sources) {
  DenseSet<Value> dependent(sources.begin(), sources.end());
  for (Operation &op : body)
    if (llvm::any_of(op.getOperands(), [&](Value operand) { return dependent.contains(operand); }))
      dependent.insert_range(op.getResults());
  return dependent;
}

static ValueRange stateArguments(kernel::ScanOp scan) {
  return ValueRange(scan.getBody().getArguments()).take_back(scan.getStates().size());
}

bool passes::isRecurrence(kernel::ScanOp scan) {
  Block &body = scan.getBody().front();
  DenseSet<Value> dependent = dependentValues(body, stateArguments(scan));
  ValueRange next = body.getTerminator()->getOperands().take_back(scan.getStates().size());
  return llvm::any_of(next, [&](Value value) { return dependent.contains(value); });
}

bool passes::isRegroupable(kernel::ScanOp scan) {
  return scan.isElementwise() && llvm::all_of(scan.getBody().front().without_terminator(), isRetypable);
}

/// How many groups both scans can have.
static std::optional<int64_t> commonGroups(kernel::ScanOp producer, kernel::ScanOp consumer) {
  if (producer.getGroups() == consumer.getGroups() || isRegroupable(producer))
    return consumer.getGroups();
  if (isRegroupable(consumer))
    return producer.getGroups();
  return std::nullopt;
}

/// True if the merged body would reduce over a value that depends on a state.
static bool wouldReduceStates(kernel::ScanOp producer, kernel::ScanOp consumer) {
  Block &from = producer.getBody().front(), &to = consumer.getBody().front();
  DenseSet<Value> dependent = dependentValues(from, stateArguments(producer));
  SmallVector<Value> sources(stateArguments(consumer));
  for (OpOperand &operand : consumer->getOpOperands())
    if (auto result = dyn_cast<OpResult>(operand.get()); result && result.getOwner() == producer)
      if (dependent.contains(from.getTerminator()->getOperand(result.getResultNumber())))
        sources.push_back(to.getArgument(operand.getOperandNumber()));
  dependent.insert_range(dependentValues(to, sources));

  auto reduces = [&](Block &body) {
    return llvm::any_of(body.getOps<kernel::ReduceOp>(),
                        [&](kernel::ReduceOp op) { return dependent.contains(op.getValue()); });
  };
  return reduces(from) || reduces(to);
}

/// Why the scans cannot merge, or nothing.
static StringRef whyNotMerged(kernel::ScanOp producer, kernel::ScanOp consumer) {
  if (producer->getBlock() != consumer->getBlock() || !producer->isBeforeInBlock(consumer))
    return "the scans do not follow each other";
  if (producer.getScheduleAttr() || consumer.getScheduleAttr())
    return "a scan is scheduled already";
  if (producer.getChannels() != consumer.getChannels())
    return "the scans have different channels";
  std::optional<int64_t> groups = commonGroups(producer, consumer);
  if (!groups)
    return "the scans have different groups, and neither is element-wise";
  for (Value operand : llvm::concat<Value>(consumer.getConstants(), consumer.getStates()))
    if (operand.getDefiningOp() == producer)
      return "a final state starts the other scan";
  for (Value state : llvm::concat<Value>(producer.getStates(), consumer.getStates()))
    if (!state.hasOneUse())
      return "a state has a second user";
  // Threads share an ungrouped row, each with its part of the states, but all compute the row's sums.
  if (*groups == 1 && !producer.hasMatrixState() && !consumer.hasMatrixState() && wouldReduceStates(producer, consumer))
    return "a sum over the row would need the states of other threads";
  if (dependsThroughOthers(consumer, producer))
    return "a third kernel stands between the scans";
  return {};
}

/// The operands of two kernels, each once, without the results of `inner`.
static SmallVector<Value> unite(ValueRange first, ValueRange second, Operation *inner) {
  llvm::SmallSetVector<Value, 8> all(first.begin(), first.end());
  for (Value value : second)
    if (value.getDefiningOp() != inner)
      all.insert(value);
  return all.takeVector();
}

LogicalResult passes::mergeScans(PatternRewriter &rewriter, kernel::ScanOp producer, kernel::ScanOp consumer) {
  if (StringRef reason = whyNotMerged(producer, consumer); !reason.empty())
    return rewriter.notifyMatchFailure(consumer, reason);

  // Which results stay, outputs before states.
  SmallVector<Value> kept;
  auto hasOtherUsers = [&](Value result) {
    return llvm::any_of(result.getUsers(), [&](Operation *user) { return user != consumer; });
  };
  for (Value output : producer->getResults().take_front(producer.getNumOutputs()))
    if (hasOtherUsers(output))
      kept.push_back(output);
  llvm::append_range(kept, consumer->getResults().take_front(consumer.getNumOutputs()));
  llvm::append_range(kept, producer->getResults().take_back(producer.getStates().size()));
  llvm::append_range(kept, consumer->getResults().take_back(consumer.getStates().size()));

  int64_t groups = *commonGroups(producer, consumer), size = producer.getChannels() / groups;
  moveDependentsBehind(rewriter, producer, consumer);
  rewriter.setInsertionPoint(consumer);
  Location loc = rewriter.getFusedLoc({producer.getLoc(), consumer.getLoc()});
  SmallVector<Value> states(producer.getStates());
  llvm::append_range(states, consumer.getStates());
  auto merged = kernel::ScanOp::create(rewriter, loc, TypeRange(ValueRange(kept)), rewriter.getI64IntegerAttr(groups),
                                       unite(producer.getRows(), consumer.getRows(), producer),
                                       unite(producer.getConstants(), consumer.getConstants(), producer), states,
                                       kernel::ScheduleAttr());

  BodyCloner cloner(rewriter, merged->getRegion(0), [size](Type type) { return regrouped(type, size); });
  for (Value operand : merged.getOperands())
    cloner.addArgument(operand, groupType(operand.getType(), size));
  cloner.clone(producer);
  cloner.clone(consumer);
  cloner.yield(kept);
  rewriter.replaceAllUsesWith(kept, merged->getResults());
  rewriter.eraseOp(consumer);
  rewriter.eraseOp(producer);
  return success();
}

LogicalResult passes::mergeIntoEpilogue(PatternRewriter &rewriter, kernel::GemmOp gemm, kernel::ScanOp scan) {
  if (!scan.getStates().empty() || scan->getNumResults() != 1 || !isRegroupable(scan))
    return rewriter.notifyMatchFailure(scan, "an epilogue is element-wise, without states, and has one result");
  if (gemm.getScheduleAttr() || scan.getScheduleAttr())
    return rewriter.notifyMatchFailure(scan, "a kernel is scheduled already");
  if (llvm::any_of(gemm->getUsers(), [&](Operation *user) { return user != scan; }))
    return rewriter.notifyMatchFailure(scan, "the product has a second user");
  if (dependsThroughOthers(scan, gemm))
    return rewriter.notifyMatchFailure(scan, "another operand is computed from the product");

  rewriter.setInsertionPoint(scan);
  Location loc = rewriter.getFusedLoc({gemm.getLoc(), scan.getLoc()});
  auto merged = kernel::GemmOp::create(rewriter, loc, scan->getResultTypes(), gemm.getX(), gemm.getWeight(),
                                       unite(gemm.getRows(), scan.getRows(), gemm),
                                       unite(gemm.getConstants(), scan.getConstants(), gemm), kernel::ScheduleAttr(),
                                       gemm.getZerosAttr());

  BodyCloner cloner(rewriter, merged.getBody(), scalar);
  cloner.addArgument(Value(), rewriter.getF32Type()); // the sum
  for (Value operand : llvm::concat<Value>(merged.getRows(), merged.getConstants()))
    cloner.addArgument(operand, rewriter.getF32Type());
  cloner.clone(gemm);
  cloner.clone(scan);
  cloner.yield(scan->getResult(0));
  rewriter.replaceOp(scan, merged);
  rewriter.eraseOp(gemm);
  return success();
}

LogicalResult passes::applyFusions(Operation *function, RewritePatternSet patterns) {
  // Folding would fold what a body says, which is nobody's wish: rounding is part of its meaning.
  GreedyRewriteConfig config;
  config.enableFolding(false).enableConstantCSE(false).setMaxIterations(GreedyRewriteConfig::kNoLimit);
  config.setUseTopDownTraversal().setRegionSimplificationLevel(GreedySimplifyRegionLevel::Disabled);
  if (failed(applyPatternsGreedily(function, std::move(patterns), config)))
    return failure();

  IRRewriter rewriter(function->getContext());
  function->walk([&](kernel::KernelOpInterface op) {
    DominanceInfo dominance(op);
    eliminateCommonSubExpressions(rewriter, dominance, op);
  });
  return success();
}
