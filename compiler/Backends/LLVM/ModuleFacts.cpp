//===- ModuleFacts.cpp - What a planned program knows of itself -----------===//
#include "compiler/Backends/LLVM/ModuleFacts.h"
#include "compiler/Passes/Programs.h"
#include "dialects/Kernel/Kernel.h"
#include "dialects/Quant/Format.h"
#include "dialects/Quant/Pack.h"
#include "dialects/Quant/Weight.h"
#include "dialects/Quant/WeightClass.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringExtras.h"
#include <map>
#include <set>

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::llvm_backend;

static LogicalResult readModel(ModuleOp module, ModuleFacts &facts) {
  auto model = module->getAttrOfType<DictionaryAttr>("rwkv.model");
  if (!model)
    return module.emitError("does not say which model it is: 'rwkv.model' is missing");
  auto number = [&](StringRef name) {
    auto value = model.getAs<IntegerAttr>(name);
    return value ? value.getInt() : 0;
  };
  facts.architecture = model.getAs<StringAttr>("architecture").str();
  facts.layers = number("layers");
  facts.channels = number("channels");
  // RWKV-4's recurrence has no heads.
  bool hasHeads = facts.architecture != "rwkv4";
  facts.heads = hasHeads ? number("heads") : 0;
  facts.headSize = hasHeads ? number("head_size") : 0;
  facts.ffnWidth = number("ffn_width");
  facts.vocabulary = number("vocabulary");
  if (auto tokenizer = module->getAttrOfType<StringAttr>("rwkv.tokenizer"))
    facts.tokenizer = tokenizer.str();
  return success();
}

static void readStates(func::FuncOp step, ModuleFacts &facts) {
  for (unsigned i = 2; i < step.getNumArguments(); ++i) {
    auto shape = cast<RankedTensorType>(step.getArgument(i).getType()).getShape();
    facts.slots.push_back({step.getArgAttrOfType<StringAttr>(i, "rwkv.state").str(),
                           step.getArgAttrOfType<kernel::PlaceAttr>(i, "kernel.place").getOffset(),
                           SmallVector<int64_t, 3>(shape),
                           float(step.getArgAttrOfType<FloatAttr>(i, "rwkv.initial").getValueAsDouble())});
  }
}

/// "emb=f32,head=q8,att=q4,lora.w=q8,...": a group stands for its classes where they agree.
static std::string formatsText(const std::map<StringRef, std::set<StringRef>> &formats) {
  std::string text;
  auto add = [&](StringRef name, const std::set<StringRef> &used) {
    text += (text.empty() ? "" : ",") + name.str() + "=" + llvm::join(used, "+");
  };
  std::set<StringRef> done;
  for (StringRef name : weight::weightClasses()) {
    auto found = formats.find(name);
    if (found == formats.end())
      continue;
    StringRef group = name.split('.').first;
    bool agree = llvm::all_of(formats, [&](const auto &other) {
      return !weight::covers(group, other.first) || other.second == found->second;
    });
    if (!agree)
      add(name, found->second);
    else if (done.insert(group).second)
      add(group, found->second);
  }
  if (auto found = formats.find("other"); found != formats.end())
    add("other", found->second);
  return text;
}

/// Weights of which a token reads one row.
static DenseSet<Operation *> tablesOf(ModuleOp module, func::FuncOp step) {
  DenseSet<Operation *> tables;
  step.walk([&](kernel::CallOp call) {
    auto callee = module.lookupSymbol<func::FuncOp>(call.getCallee());
    if (isa<kernel::GatherOp>(callee.getBody().front().front()))
      tables.insert(call.getOperand(0).getDefiningOp());
  });
  return tables;
}

/// What a token reads, of a program for single rows.
static void readWeights(ModuleOp module, func::FuncOp step, ModuleFacts &facts) {
  DenseSet<Operation *> tables = tablesOf(module, step);
  std::map<StringRef, std::set<StringRef>> formats; // by class
  for (auto weight : step.getOps<weight::TensorOp>()) {
    auto type = cast<RankedTensorType>(weight.getType());
    auto layout = cast<weight::LayoutAttr>(type.getEncoding());
    int64_t bytes = weight::packedBytes(type);
    bool isTable = tables.contains(weight);
    if (!isTable)
      facts.decodeBytes += bytes;
    if (type.getRank() == 2)
      formats[weight::classOf(weight.getName(), isTable)].insert(layout.getFormat());
  }
  facts.formats = formatsText(formats);
}

/// What a gemm that skips zeros may leave out of its weight: all but the scales of outputs.
static int64_t skippableBytes(kernel::GemmOp gemm) {
  if (!gemm.getScheduleAttr().getSkipZeros())
    return 0;
  auto type = cast<RankedTensorType>(gemm.getWeight().getType());
  const weight::Format *format = weight::findFormat(cast<weight::LayoutAttr>(type.getEncoding()).getFormat());
  return weight::packedBytes(type) - format->inputMajor->headBytes(type.getDimSize(0));
}

/// The bytes and the arithmetic of gemms: of rows, and of those that feed the logits.
static void readGemms(ModuleOp module, func::FuncOp step, ModuleFacts &facts) {
  step.walk([&](kernel::CallOp call) {
    auto callee = module.lookupSymbol<func::FuncOp>(call.getCallee());
    auto gemm = dyn_cast<kernel::GemmOp>(callee.getBody().front().front());
    if (!gemm)
      return;
    int64_t flops = 2 * cast<RankedTensorType>(gemm.getWeight().getType()).getNumElements();
    bool isHead = cast<kernel::PlaceAttr>(call.getPlacesAttr()[0]).getSpace() == kernel::Space::Logits;
    facts.skippableBytes += skippableBytes(gemm);
    (isHead ? facts.headFlops : facts.rowFlops) += flops;
  });
}

/// A line for each kernel, with the times that any program calls it.
static void listKernels(ModuleOp module, ArrayRef<func::FuncOp> programs, ModuleFacts &facts) {
  llvm::StringMap<unsigned> calls;
  module.walk([&](kernel::CallOp call) { ++calls[call.getCallee()]; });
  llvm::raw_string_ostream lines(facts.kernels);
  for (func::FuncOp function : module.getOps<func::FuncOp>()) {
    if (llvm::is_contained(programs, function))
      continue;
    auto op = cast<kernel::KernelOpInterface>(function.getBody().front().front());
    lines << function.getSymName() << " x" << calls.lookup(function.getSymName());
    if (auto gemm = dyn_cast<kernel::GemmOp>(*op)) {
      auto type = cast<RankedTensorType>(gemm.getWeight().getType());
      lines << " " << type.getDimSize(0) << "x" << type.getDimSize(1) << " "
            << cast<weight::LayoutAttr>(type.getEncoding()).getFormat();
    }
    lines << " " << op.getScheduleAttr() << "\n";
  }
}

FailureOr<ModuleFacts> llvm_backend::collectFacts(ModuleOp module) {
  ModuleFacts facts;
  SmallVector<func::FuncOp> programs = passes::programs(module);
  if (programs.empty())
    return module.emitError("has no planned @forward"), failure();
  for (func::FuncOp program : programs) {
    auto state = program->getAttrOfType<IntegerAttr>("kernel.state_bytes");
    auto arenaRow = program->getAttrOfType<IntegerAttr>("kernel.arena_row_bytes");
    if (!state || !arenaRow)
      return module.emitError() << "has no planned @" << program.getSymName(), failure();
    facts.stateBytes = state.getInt();
    facts.arenaRowBytes = std::max(facts.arenaRowBytes, arenaRow.getInt());
    for (auto weight : program.getOps<weight::TensorOp>()) {
      int64_t offset = weight->getAttrOfType<kernel::PlaceAttr>("place").getOffset();
      int64_t bytes = weight::packedBytes(cast<RankedTensorType>(weight.getType()));
      facts.weightsBytes = std::max(facts.weightsBytes, offset + bytes);
    }
  }
  if (failed(readModel(module, facts)))
    return failure();
  readStates(programs.front(), facts);
  readWeights(module, programs.front(), facts);
  readGemms(module, programs.front(), facts);
  listKernels(module, programs, facts);
  return facts;
}
