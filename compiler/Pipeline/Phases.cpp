//===- Phases.cpp - The order in which a model is compiled ----------------===//
#include "compiler/Pipeline/Phases.h"
#include "compiler/Backends/LLVM/Passes.h"
#include "compiler/Backends/Passes.h"
#include "compiler/Passes/Passes.h"
#include "compiler/Pipeline/FirstError.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace rwkvc;
using mlir::OpPassManager;
using mlir::func::FuncOp;

/// Ends a phase: what it made is what it promises.
static void check(OpPassManager &passes, llvm::StringRef phase) {
  passes.addPass(passes::createVerifyInvariants({phase.str()}));
}

static void import(OpPassManager &passes, const PhaseOptions &) { check(passes, "import"); }

static void fold(OpPassManager &passes, const PhaseOptions &options) {
  passes.addNestedPass<FuncOp>(passes::createFoldWeights());
  passes.addNestedPass<FuncOp>(passes::createSetWeightFormat({llvm::join(llvm::split(options.weights, ','), ";")}));
  passes.addPass(mlir::createCSEPass());
  check(passes, "fold");
}

static void kernel(OpPassManager &passes, const PhaseOptions &) {
  passes.addNestedPass<FuncOp>(passes::createRwkvToKernel());
  check(passes, "kernel");
}

static void fuse(OpPassManager &passes, const PhaseOptions &options) {
  passes.addNestedPass<FuncOp>(passes::createFuseTokenShift());
  passes.addNestedPass<FuncOp>(passes::createFuseWkv());
  passes.addNestedPass<FuncOp>(passes::createFuseEpilogue());
  passes.addPass(mlir::createCSEPass());
  if (options.observe)
    passes.addNestedPass<FuncOp>(passes::createObserveInputs({options.observe}));
  check(passes, "fuse");
}

static void schedule(OpPassManager &passes, const PhaseOptions &options) {
  if (options.zeros > 0)
    passes.addNestedPass<FuncOp>(passes::createExpectZeros({options.zeros}));
  passes.addPass(passes::createSplitByRows());
  if (options.activations == "auto")
    passes.addNestedPass<FuncOp>(passes::createQuantizeActivations(
        {options.target.int8Dot ? "bytes" : "pairs", options.target.manyBytes, options.target.bf16Dot}));
  // Records are of the LLVM backend's kernels, and name it.
  if (options.schedules != "none" && (options.backend == "auto" || options.backend == "llvm"))
    passes.addPass(
        passes::createUseRecords({options.schedules == "default" ? "" : options.schedules, options.target.cpu}));
  if (options.zeros > 0 && options.skipsZeros)
    passes.addNestedPass<FuncOp>(
        passes::createSkipZeros({"auto", options.target.vectorRegisters, options.target.vectorBits}));
  passes.addNestedPass<FuncOp>(passes::createSchedule(
      {"auto", options.target.vectorRegisters, options.target.vectorBits, options.target.prefetch}));
  passes.addNestedPass<FuncOp>(lowering::createChooseBackend(
      {options.backend, options.target.triple, options.target.listedFeatures()}));
  check(passes, "schedule");
}

static void parallel(OpPassManager &passes, const PhaseOptions &) {
  passes.addNestedPass<FuncOp>(passes::createFormParallel());
  passes.addPass(passes::createOutline());
  check(passes, "parallel");
}

static void plan(OpPassManager &passes, const PhaseOptions &) {
  passes.addPass(passes::createPlanMemory());
  check(passes, "plan");
}

static void tile(OpPassManager &passes, const PhaseOptions &options) {
  std::string features = options.target.listedFeatures();
  passes.addPass(
      llvm_backend::createDescribeModule({options.target.triple, options.target.cpu, features, options.maxRows}));
  passes.addPass(lowering::createTile({options.target.triple, features, options.autoscheduler}));
}

static void llvmDialect(OpPassManager &passes, const PhaseOptions &) { llvm_backend::addLowering(passes); }

llvm::ArrayRef<Phase> rwkvc::phases() {
  static const Phase list[] = {
      {"import", "the model as its version defines it", import},
      {"fold", "what depends on weights alone is part of the weights", fold},
      {"kernel", "every op is one kernel", kernel},
      {"fuse", "neighbours share a kernel", fuse},
      {"schedule", "every kernel has its schedule, every weight its layout", schedule},
      {"parallel", "kernels between two barriers, each distinct one a function", parallel},
      {"plan", "every value has its place in memory", plan},
      {"tile", "kernels are loops over vectors, the step is calls between barriers", tile},
      {"llvm", "all of it in LLVM's own terms", llvmDialect},
  };
  return list;
}

llvm::Expected<const Phase *> rwkvc::findPhase(llvm::StringRef name) {
  const auto *found = llvm::find_if(phases(), [&](const Phase &phase) { return phase.name == name; });
  if (found != phases().end())
    return found;
  return llvm::createStringError(
      "there is no phase '" + name + "': they are " +
      llvm::join(llvm::map_range(phases(), [](const Phase &phase) { return phase.name.str(); }), ", "));
}

std::string rwkvc::pipelineText(const Phase &phase, mlir::MLIRContext *context, const PhaseOptions &options) {
  mlir::PassManager passes(context, "builtin.module");
  phase.add(passes, options);
  std::string text;
  llvm::raw_string_ostream stream(text);
  passes.printAsTextualPipeline(stream);
  return text;
}

llvm::Error rwkvc::runPhases(mlir::ModuleOp module, const PhaseOptions &options, const Phase *from, const Phase *to) {
  for (const Phase *phase = from ? from + 1 : phases().begin(); phase <= to; ++phase) {
    FirstError first(module.getContext());
    mlir::PassManager passes(module.getContext(), "builtin.module");
    phase->add(passes, options);
    if (mlir::failed(passes.run(module)))
      return llvm::createStringError("phase '" + phase->name + "' failed: " + first.sentence());
  }
  return llvm::Error::success();
}
