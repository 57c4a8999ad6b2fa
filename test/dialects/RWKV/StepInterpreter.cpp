//===- StepInterpreter.cpp - Runs the step of a row-wise op ---------------===//
#include "StepInterpreter.h"
#include "dialects/Kernel/Kernel.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Verifier.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>
#include <functional>

using namespace mlir;
using namespace rwkvc;

namespace {

class Evaluator {
public:
  std::string wrong;

  std::vector<Tensor> run(Block &body, const std::vector<Tensor> &arguments) {
    for (auto [argument, value] : llvm::zip_equal(body.getArguments(), arguments))
      values[argument] = value;
    for (Operation &op : body.without_terminator())
      values[op.getResult(0)] = evaluate(&op);
    std::vector<Tensor> results;
    for (Value value : body.getTerminator()->getOperands())
      results.push_back(values[value]);
    return results;
  }

private:
  Tensor elementwise(Operation *op, std::function<float(float, float, float)> f) {
    Tensor out = values[op->getOperand(0)];
    for (size_t i = 0; i < out.size(); ++i) {
      float x[3] = {};
      for (unsigned n = 0; n < op->getNumOperands(); ++n)
        x[n] = values[op->getOperand(n)][i];
      out[i] = f(x[0], x[1], x[2]);
    }
    return out;
  }

  Tensor constant(arith::ConstantOp op) {
    if (auto splat = dyn_cast<SplatElementsAttr>(op.getValue()))
      return Tensor(splat.size(), splat.getSplatValue<APFloat>().convertToFloat());
    return {cast<FloatAttr>(op.getValue()).getValue().convertToFloat()};
  }

  Tensor broadcast(kernel::BroadcastOp op) {
    const Tensor &from = values[op.getValue()];
    Tensor out(cast<RankedTensorType>(op.getType()).getNumElements());
    for (size_t i = 0, n = from.size(); i < out.size(); ++i)
      out[i] = from[op.getAxis() == kernel::Axis::All ? 0 : op.getAxis() == kernel::Axis::Rows ? i % n : i / n];
    return out;
  }

  Tensor reduce(kernel::ReduceOp op) {
    const Tensor &from = values[op.getValue()];
    auto type = dyn_cast<RankedTensorType>(op.getType());
    bool add = op.getCombiner() == kernel::Combiner::Add;
    Tensor out(type ? type.getNumElements() : 1, add ? 0.0f : -INFINITY);
    for (size_t i = 0, n = out.size(); i < from.size(); ++i) {
      float &into = out[op.getAxis() == kernel::Axis::All ? 0 : op.getAxis() == kernel::Axis::Rows ? i % n : i / n];
      into = add ? into + from[i] : std::max(into, from[i]);
    }
    return out;
  }

  Tensor evaluate(Operation *op) {
    return TypeSwitch<Operation *, Tensor>(op)
        .Case([&](arith::ConstantOp op) { return constant(op); })
        .Case([&](kernel::BroadcastOp op) { return broadcast(op); })
        .Case([&](kernel::ReduceOp op) { return reduce(op); })
        .Case([&](arith::AddFOp op) { return elementwise(op, [](float x, float y, float) { return x + y; }); })
        .Case([&](arith::SubFOp op) { return elementwise(op, [](float x, float y, float) { return x - y; }); })
        .Case([&](arith::MulFOp op) { return elementwise(op, [](float x, float y, float) { return x * y; }); })
        .Case([&](arith::DivFOp op) { return elementwise(op, [](float x, float y, float) { return x / y; }); })
        .Case([&](arith::MaximumFOp op) {
          return elementwise(op, [](float x, float y, float) { return std::max(x, y); });
        })
        .Case([&](arith::NegFOp op) { return elementwise(op, [](float x, float, float) { return -x; }); })
        .Case([&](math::ExpOp op) { return elementwise(op, [](float x, float, float) { return std::exp(x); }); })
        .Case([&](math::TanhOp op) { return elementwise(op, [](float x, float, float) { return std::tanh(x); }); })
        .Case([&](math::SqrtOp op) { return elementwise(op, [](float x, float, float) { return std::sqrt(x); }); })
        .Case([&](math::FmaOp op) {
          return elementwise(op, [](float x, float y, float z) { return std::fma(x, y, z); });
        })
        .Default([&](Operation *op) {
          wrong = op->getName().getStringRef().str() + " is not of the kernel body language";
          return Tensor(4096);
        });
  }

  llvm::DenseMap<Value, Tensor> values;
};

} // namespace

std::vector<Tensor> runBody(Block &body, const std::vector<Tensor> &arguments, std::string &wrong) {
  Evaluator evaluator;
  std::vector<Tensor> results = evaluator.run(body, arguments);
  wrong += evaluator.wrong;
  return results;
}

static func::FuncOp buildStep(rwkv::RecurrenceOpInterface op, int64_t N) {
  OpBuilder builder(op->getParentOfType<ModuleOp>().getBodyRegion());
  Type f32 = builder.getF32Type();
  SmallVector<Type> types(op.getSequences().size() + op.getConstants().size(), RankedTensorType::get({N}, f32));
  for (Value state : op.getInitialStates())
    types.push_back(cast<RankedTensorType>(state.getType()).getRank() == 3 ? RankedTensorType::get({N, N}, f32)
                                                                           : RankedTensorType::get({N}, f32));
  auto step = func::FuncOp::create(builder, op.getLoc(), "step", builder.getFunctionType(types, {}));
  Block *body = step.addEntryBlock();
  builder.setInsertionPointToStart(body);
  ValueRange sequences = body->getArguments().take_front(op.getSequences().size());
  ValueRange constants = body->getArguments().slice(sequences.size(), op.getConstants().size());
  ValueRange states = body->getArguments().take_back(op.getInitialStates().size());
  SmallVector<Value> results = op.emitStep(builder, op.getLoc(), sequences, constants, states);
  func::ReturnOp::create(builder, op.getLoc(), results);
  step.setType(builder.getFunctionType(types, ValueRange(results).getTypes()));
  return step;
}

std::string runSteps(rwkv::RecurrenceOpInterface op, int64_t rows, StepRun &run) {
  int64_t C = cast<RankedTensorType>(op->getResult(0).getType()).getDimSize(1), groups = op.getGroups();
  int64_t N = C / groups;
  size_t sequences = op.getSequences().size(), inputs = sequences + op.getConstants().size();
  func::FuncOp step = buildStep(op, N);
  if (failed(verify(step)))
    return "the step does not verify";

  size_t outputs = op->getNumResults() - (run.operands.size() - inputs);
  run.results.assign(outputs, Tensor(rows * C));
  run.results.insert(run.results.end(), run.operands.begin() + inputs, run.operands.end());
  std::string wrong;
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t group = 0; group < groups; ++group) {
      auto part = [&](Tensor &whole, int64_t index, int64_t size) {
        return MutableArrayRef<float>(whole).slice(index * size, size);
      };
      auto state = [&](size_t i) { return part(run.results[i], group, run.results[i].size() / groups); };
      std::vector<Tensor> arguments;
      for (size_t i = 0; i < inputs; ++i)
        arguments.push_back(Tensor(part(run.operands[i], i < sequences ? row * groups + group : group, N)));
      for (size_t i = outputs; i < run.results.size(); ++i)
        arguments.push_back(Tensor(state(i)));
      std::vector<Tensor> results = runBody(step.getBody().front(), arguments, wrong);
      for (size_t i = 0; i < results.size(); ++i)
        llvm::copy(results[i], (i < outputs ? part(run.results[i], row * groups + group, N) : state(i)).begin());
    }
  return wrong;
}
