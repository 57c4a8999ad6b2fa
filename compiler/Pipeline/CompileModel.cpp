//===- CompileModel.cpp - From a model's program to a module --------------===//
#include "compiler/Pipeline/CompileModel.h"
#include "compiler/Backends/Halide/HalideBackend.h"
#include "compiler/Backends/LLVM/Codegen.h"
#include "compiler/Pipeline/FirstError.h"
#include "compiler/Pipeline/Link.h"
#include "compiler/Pipeline/ModuleWriter.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"

using namespace rwkvc;
using llvm::Error;
using llvm::Expected;

static constexpr llvm::StringLiteral kAssembly = "asm", kStatements = "halide-stmt";

/// Optimised LLVM IR of a module that went through every phase.
static Expected<std::unique_ptr<llvm::Module>> translate(mlir::ModuleOp module, llvm::LLVMContext &context,
                                                         const Target &target) {
  FirstError first(module.getContext());
  std::unique_ptr<llvm::Module> translated = mlir::translateModuleToLLVMIR(module, context, "rwkvc");
  if (!translated)
    return llvm::createStringError("the program has no LLVM IR: " + first.sentence());
  if (Error error = optimise(*translated, target))
    return std::move(error);
  return translated;
}

Expected<llvm::SmallVector<char, 0>> rwkvc::makeObject(mlir::ModuleOp module, const Target &target) {
  llvm::LLVMContext context;
  Expected<std::unique_ptr<llvm::Module>> translated = translate(module, context, target);
  if (!translated)
    return translated.takeError();
  return emitObject(**translated, target);
}

void rwkvc::prepareContext(mlir::MLIRContext &context) {
  context.disableMultithreading();
  mlir::registerBuiltinDialectTranslation(context);
  mlir::registerLLVMDialectTranslation(context);
}

Expected<CompiledModel> rwkvc::compileModel(mlir::ModuleOp module, const TensorTable &tensors,
                                            const CompileOptions &options) {
  // First, so that a path that cannot be written is not found after minutes of work.
  Expected<OutputFile> file = OutputFile::create(options.output);
  if (!file)
    return file.takeError();

  Expected<const Phase *> planned = findPhase("plan");
  if (!planned)
    return planned.takeError();
  options.progress("compiling kernels", 0, 0);
  if (Error error = runPhases(module, options.phases, nullptr, *planned))
    return std::move(error);
  // The phases after this one forget where weights came from.
  Expected<std::vector<PlacedWeight>> weights = placedWeights(module, tensors);
  if (!weights)
    return weights.takeError();
  if (Error error = runPhases(module, options.phases, *planned, &phases().back()))
    return std::move(error);
  Expected<llvm::SmallVector<char, 0>> object = makeObject(module, options.phases.target);
  if (!object)
    return object.takeError();
  Expected<std::unique_ptr<llvm::MemoryBuffer>> image = linkImage(*object);
  if (!image)
    return image.takeError();

  std::string quantised = quantisedText(*weights);
  uint64_t weightsBytes = extent(*weights);
  llvm::StringRef bytes = (*image)->getBuffer();
  if (Error error = writeModule(
          *file, {llvm::ArrayRef(bytes.bytes_begin(), bytes.size()), *weights, weightsBytes, tensors, options.moments, options.release,
                  [&](uint64_t done) { options.progress("writing weights", done, weightsBytes); }}))
    return std::move(error);
  uint64_t size = file->position();
  if (Error error = file->commit())
    return std::move(error);
  return CompiledModel{size, std::move(quantised)};
}

Error rwkvc::checkPrintable(llvm::StringRef phase) {
  if (phase == kAssembly || phase == kStatements)
    return Error::success();
  Expected<const Phase *> found = findPhase(phase);
  if (!found)
    return llvm::createStringError(llvm::toString(found.takeError()) + ", " + kAssembly + ", " + kStatements);
  return Error::success();
}

/// Halide's statements of the planned kernels that are scheduled for it.
static Error printStatements(mlir::ModuleOp module, const PhaseOptions &options, llvm::raw_ostream &out) {
  llvm::SmallVector<kernel::KernelOpInterface> kernels;
  module.walk([&](kernel::KernelOpInterface op) {
    if (op.getScheduleAttr().getBackend() == halideBackend.name)
      kernels.push_back(op);
  });
  if (kernels.empty())
    return llvm::createStringError("no kernel is scheduled for Halide: --backend=halide does so");
  Expected<std::string> text =
      halide_backend::askProgram(kernels, {options.target.triple, options.target.listedFeatures(), options.autoscheduler}, true);
  if (!text)
    return text.takeError();
  out << *text;
  return Error::success();
}

Error rwkvc::printAfter(mlir::ModuleOp module, llvm::StringRef phase, const PhaseOptions &options,
                        llvm::raw_ostream &out) {
  bool assembly = phase == kAssembly;
  bool isStatements = phase == kStatements;
  const Phase *last = assembly ? &phases().back() : llvm::cantFail(findPhase(isStatements ? "plan" : phase));
  if (Error error = runPhases(module, options, nullptr, last))
    return error;
  if (isStatements)
    return printStatements(module, options, out);
  if (!assembly) {
    if (const Phase *next = last + 1; next != phases().end())
      out << "// Next is '" << next->name << "': rwkv-opt --pass-pipeline='"
          << pipelineText(*next, module.getContext(), options) << "'\n";
    module.print(out);
    return Error::success();
  }
  llvm::LLVMContext context;
  Expected<std::unique_ptr<llvm::Module>> translated = translate(module, context, options.target);
  if (!translated)
    return translated.takeError();
  Expected<llvm::SmallVector<char, 0>> text = emitAssembly(**translated, options.target);
  if (!text)
    return text.takeError();
  out.write(text->data(), text->size());
  return Error::success();
}
