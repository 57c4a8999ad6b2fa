//===- Outline.cpp - Each distinct kernel becomes a function --------------===//
#include "compiler/Passes/Passes.h"
#include "dialects/Kernel/Kernel.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringMap.h"

namespace rwkvc::passes {
#define GEN_PASS_DEF_OUTLINE
#include "compiler/Passes/Passes.h.inc"
} // namespace rwkvc::passes

using namespace mlir;
using namespace rwkvc;

/// A private function of `kernel`'s operands and results that holds a copy of `kernel`.
static func::FuncOp isolated(Operation *kernel, OpBuilder &builder) {
  Location loc = kernel->getLoc();
  auto type = builder.getFunctionType(kernel->getOperandTypes(), kernel->getResultTypes());
  auto function = func::FuncOp::create(loc, "kernel", type);
  function.setPrivate();
  Block *block = function.addEntryBlock();
  // By position, not by value: an operand that comes twice has two arguments.
  Operation *copy = kernel->clone();
  block->push_back(copy);
  copy->setOperands(block->getArguments());
  OpBuilder inside = OpBuilder::atBlockEnd(block);
  func::ReturnOp::create(inside, loc, copy->getResults());
  return function;
}

/// Two kernels are equal if this is: it holds types with their layouts, attributes, the schedule and the body.
static std::string textOf(func::FuncOp function) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  function.print(stream, OpPrintingFlags().useLocalScope());
  return text;
}

namespace {

class Outliner {
public:
  explicit Outliner(ModuleOp module) : symbols(module), builder(module.getContext()) {}

  void outline(Operation *kernel) {
    func::FuncOp function = isolated(kernel, builder);
    auto [entry, isNew] = functions.try_emplace(textOf(function));
    if (isNew) {
      StringRef kind = kernel->getName().stripDialect();
      function.setSymName((kind + "_" + Twine(counts[kind]++)).str());
      symbols.insert(function);
      entry->second = function;
    } else {
      function->erase();
    }
    builder.setInsertionPoint(kernel);
    auto call = kernel::CallOp::create(builder, kernel->getLoc(), kernel->getResultTypes(),
                                       FlatSymbolRefAttr::get(entry->second), kernel->getOperands(), ArrayAttr());
    kernel->replaceAllUsesWith(call);
    kernel->erase();
  }

private:
  SymbolTable symbols;
  OpBuilder builder;
  llvm::StringMap<func::FuncOp> functions; // by their text
  llvm::StringMap<unsigned> counts;        // by the kind of kernel
};

struct Outline : passes::impl::OutlineBase<Outline> {
  void runOnOperation() override {
    SmallVector<Operation *> kernels;
    getOperation().walk([&](kernel::ParallelOp parallel) {
      for (Operation &op : parallel.getBody().front())
        if (isa<kernel::KernelOpInterface>(op))
          kernels.push_back(&op);
    });
    Outliner outliner(getOperation());
    for (Operation *kernel : kernels)
      outliner.outline(kernel);
  }
};

} // namespace
