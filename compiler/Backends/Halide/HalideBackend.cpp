//===- HalideBackend.cpp - Kernels to pipelines, by rwkvc-halide ----------===//
//
// The program answers with the text of functions in the dialects that tilers use. All that follows is the same for
// both: exp and tanh as arithmetic, LLVM's optimiser for the target's CPU, one object.
//
//===----------------------------------------------------------------------===//
#include "compiler/Backends/Halide/HalideBackend.h"
#include "compiler/Backends/Halide/Describe.h"
#include "compiler/Backends/Halide/RunProgram.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace rwkvc;

static std::string refuses(kernel::KernelOpInterface op, const KernelTarget &target) {
  if (!halide_backend::hasProgram())
    return "there is no rwkvc-halide beside this program";
  if (op.getScheduleAttr().getTileInputs())
    return "its pipelines take all inputs at once";
  halide_backend::Kernel ignored;
  return halide_backend::describe(
      op, [&](StringRef feature) { return target.mayUse(feature); }, ignored);
}

llvm::Expected<std::string> halide_backend::askProgram(ArrayRef<kernel::KernelOpInterface> kernels,
                                                       const KernelTarget &target, bool statements) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  for (kernel::KernelOpInterface op : kernels)
    op->getParentOp()->print(stream, OpPrintingFlags().useLocalScope());
  std::vector<std::string> options = {"--triple=" + target.triple.str(), "--features=" + target.features.str(),
                                      "--autoscheduler=" + target.autoscheduler.str()};
  if (statements)
    options.push_back("--statements");
  return runProgram(text, options);
}

static LogicalResult lower(ArrayRef<PlannedKernel> kernels, const KernelTarget &target) {
  SmallVector<kernel::KernelOpInterface> ops;
  for (const PlannedKernel &kernel : kernels)
    ops.push_back(kernel.op);
  auto module = ops.front()->getParentOfType<ModuleOp>();
  llvm::Expected<std::string> answer = halide_backend::askProgram(ops, target, /*statements=*/false);
  if (!answer)
    return module.emitError() << llvm::toString(answer.takeError());
  OwningOpRef<ModuleOp> made = parseSourceString<ModuleOp>(*answer, module.getContext());
  if (!made)
    return failure();
  SymbolTable functions(*made);
  for (const PlannedKernel &kernel : kernels) {
    LLVM::LLVMFuncOp function = kernel.function;
    auto lowered = functions.lookup<LLVM::LLVMFuncOp>(function.getSymName());
    if (!lowered || lowered.getFunctionType() != function.getFunctionType())
      return module.emitError() << "rwkvc-halide has made no @" << function.getSymName() << " of the kernel's type";
    function.getBody().takeBody(lowered.getBody());
  }
  return success();
}

const Backend rwkvc::halideBackend = {"halide", "Halide's pipelines, scheduled apart", refuses,
                                     /*followsTiles=*/true, lower};
