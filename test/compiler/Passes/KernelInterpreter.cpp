//===- KernelInterpreter.cpp - Runs a step of kernels ---------------------===//
#include "KernelInterpreter.h"
#include "dialects/Kernel/Kernel.h"
#include "dialects/Quant/Weight.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/xxhash.h"
#include <cmath>

using namespace mlir;
using namespace rwkvc;

static int64_t channelsOf(Value rows) { return cast<RankedTensorType>(rows.getType()).getDimSize(1); }

/// Numbers in (-1, 1) that depend on `name` and their index alone.
static Tensor numbers(StringRef name, int64_t count) {
  uint64_t state = llvm::xxh3_64bits(name);
  Tensor out(count);
  for (float &x : out) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    x = static_cast<float>(static_cast<int64_t>(state) >> 40) / (1 << 23);
  }
  return out;
}

static Tensor slice(const Tensor &whole, int64_t index, int64_t size) {
  return Tensor(whole.begin() + index * size, whole.begin() + (index + 1) * size);
}

static void store(const Tensor &part, Tensor &whole, int64_t index) {
  llvm::copy(part, whole.begin() + index * part.size());
}

namespace {

class Interpreter {
public:
  explicit Interpreter(std::string &wrong) : wrong(wrong) {}

  std::vector<Tensor> call(func::FuncOp function, const std::vector<Tensor> &arguments) {
    for (auto [argument, value] : llvm::zip_equal(function.getArguments(), arguments))
      values[argument] = value;
    return run(function.getBody().front());
  }

private:
  std::vector<Tensor> run(Block &block) {
    for (Operation &op : block.without_terminator()) {
      std::vector<Tensor> results = evaluate(&op);
      for (auto [result, value] : llvm::zip(op.getResults(), results))
        values[result] = value;
    }
    return all(block.getTerminator()->getOperands());
  }

  std::vector<Tensor> all(ValueRange operands) {
    std::vector<Tensor> out;
    for (Value operand : operands)
      out.push_back(values[operand]);
    return out;
  }

  std::vector<Tensor> evaluate(Operation *op) {
    return TypeSwitch<Operation *, std::vector<Tensor>>(op)
        .Case([&](weight::TensorOp op) { return std::vector<Tensor>{weight(op)}; })
        .Case([&](kernel::GatherOp op) { return std::vector<Tensor>{gather(op)}; })
        .Case([&](kernel::GemmOp op) { return std::vector<Tensor>{gemm(op)}; })
        .Case([&](kernel::ScanOp op) { return scan(op); })
        .Case([&](kernel::ParallelOp op) { return run(op.getBody().front()); })
        .Case([&](kernel::CallOp op) {
          return call(SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(op, op.getCalleeAttr()), all(op.getInputs()));
        })
        .Default([&](Operation *op) {
          wrong = op->getName().getStringRef().str() + " is no kernel";
          return std::vector<Tensor>();
        });
  }

  Tensor weight(weight::TensorOp op) {
    std::string name = op.getName().str();
    if (op.getTransformsAttr())
      llvm::raw_string_ostream(name) << op.getTransformsAttr();
    return numbers(name, cast<RankedTensorType>(op.getType()).getNumElements());
  }

  Tensor gather(kernel::GatherOp op) {
    const Tensor &table = values[op.getTable()], &index = values[op.getIndex()];
    int64_t C = channelsOf(op.getTable());
    Tensor out(index.size() * C);
    for (size_t m = 0; m < index.size(); ++m)
      store(slice(table, index[m], C), out, m);
    return out;
  }

  Tensor gemm(kernel::GemmOp op) {
    const Tensor x = values[op.getX()], w = values[op.getWeight()];
    int64_t K = channelsOf(op.getX()), N = channelsOf(op.getResult()), M = x.size() / K;
    Tensor out(M * N);
    for (int64_t m = 0; m < M; ++m)
      for (int64_t n = 0; n < N; ++n) {
        float acc = 0;
        for (int64_t k = 0; k < K; ++k)
          acc = std::fma(x[m * K + k], w[n * K + k], acc);
        std::vector<Tensor> arguments = {{acc}};
        for (Value row : op.getRows())
          arguments.push_back({values[row][m * N + n]});
        for (Value constant : op.getConstants())
          arguments.push_back({values[constant][n]});
        out[m * N + n] = runBody(op.getBody().front(), arguments, wrong)[0][0];
      }
    return out;
  }

  std::vector<Tensor> scan(kernel::ScanOp op) {
    int64_t C = op.getChannels(), G = op.getGroups(), N = C / G, M = values[op.getRows()[0]].size() / C;
    unsigned outputs = op.getNumOutputs();
    std::vector<Tensor> results(outputs, Tensor(M * C));
    llvm::append_range(results, all(op.getStates()));
    for (int64_t m = 0; m < M; ++m)
      for (int64_t g = 0; g < G; ++g) {
        std::vector<Tensor> arguments;
        for (Value row : op.getRows())
          arguments.push_back(slice(values[row], m * G + g, N));
        for (Value constant : op.getConstants())
          arguments.push_back(slice(values[constant], g, N));
        for (size_t i = outputs; i < results.size(); ++i)
          arguments.push_back(slice(results[i], g, results[i].size() / G));
        std::vector<Tensor> next = runBody(op.getBody().front(), arguments, wrong);
        for (size_t i = 0; i < next.size(); ++i)
          store(next[i], results[i], i < outputs ? m * G + g : g);
      }
    return results;
  }

  std::string &wrong;
  llvm::DenseMap<Value, Tensor> values;
};

} // namespace

std::vector<Tensor> runForward(ModuleOp module, int64_t rows, std::string &wrong) {
  auto forward = module.lookupSymbol<func::FuncOp>("forward");
  Tensor tokens(rows), wanted = {0, static_cast<float>(rows - 1)};
  for (int64_t i = 0; i < rows; ++i)
    tokens[i] = (7 * i + 3) % 11;
  std::vector<Tensor> arguments = {tokens, wanted};
  for (unsigned i = 2; i < forward.getNumArguments(); ++i)
    arguments.push_back(
        numbers("state " + std::to_string(i), cast<RankedTensorType>(forward.getArgumentTypes()[i]).getNumElements()));
  return Interpreter(wrong).call(forward, arguments);
}
