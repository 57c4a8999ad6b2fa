//===- rwkvc-halide.cpp - Kernels through Halide, as a program ------------===//
//
// rwkvc gives it the text of planned kernel functions and takes that of functions on pointers. A program of its own,
// since Halide has an LLVM of its own, may end with an abort, and need not be there where its backend is not used.
//
//===----------------------------------------------------------------------===//
#include "compiler/Backends/Halide/Describe.h"
#include "compiler/Backends/Halide/Program/Program.h"
#include "dialects/Quant/Weight.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/ToolOutputFile.h"

using namespace rwkvc;
using namespace rwkvc::halide_backend;

namespace cl = llvm::cl;

static cl::opt<std::string> input(cl::Positional, cl::desc("FILE with kernel functions; - for standard input"),
                                  cl::init("-"));
static cl::opt<std::string> output("o", cl::desc("Where to write; - for standard output"), cl::init("-"));
static cl::opt<std::string> triple("triple", cl::desc("The target's"), cl::init("x86_64-unknown-linux-gnu"));
static cl::opt<std::string> features("features", cl::desc("Instruction sets that code may use, between semicolons"));
static cl::opt<std::string> autoscheduler("autoscheduler",
                                          cl::desc("A plugin's name, instead of the kernels' schedules"));
static cl::opt<bool> statements("statements", cl::desc("Write Halide's statements, not functions"));

static int fail(const llvm::Twine &sentence) {
  llvm::errs() << sentence << '\n';
  return 1;
}

int main(int argc, char **argv) {
  cl::ParseCommandLineOptions(argc, argv, "Kernels through Halide; rwkvc runs it\n");
  mlir::DialectRegistry registry;
  registry.insert<mlir::arith::ArithDialect, mlir::func::FuncDialect, mlir::math::MathDialect, kernel::KernelDialect,
                  weight::WeightDialect>();
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  auto module = mlir::parseSourceFile<mlir::ModuleOp>(input, &context);
  if (!module)
    return 1; // MLIR has said why

  llvm::SmallVector<llvm::StringRef> names;
  llvm::StringRef(features).split(names, ';', -1, /*KeepEmpty=*/false);
  auto mayUse = [&](llvm::StringRef feature) { return llvm::is_contained(names, feature); };
  std::string text;
  for (auto function : module->getOps<mlir::func::FuncOp>()) {
    bool isEmpty = function.isDeclaration() || function.getBody().front().empty();
    auto op = isEmpty ? kernel::KernelOpInterface()
                      : llvm::dyn_cast<kernel::KernelOpInterface>(function.getBody().front().front());
    Kernel kernel;
    kernel.name = function.getSymName().str();
    if (!op || !op.getScheduleAttr())
      return fail("@" + kernel.name + " does not hold one scheduled kernel");
    if (std::string reason = describe(op, mayUse, kernel); !reason.empty())
      return fail("@" + kernel.name + " is not for Halide: " + reason);
    Request request{triple, {names.begin(), names.end()}, autoscheduler, statements};
    Answer answer = lower(kernel, request);
    if (!answer.error.empty())
      return fail("@" + kernel.name + " is not for Halide: " + answer.error);
    text += answer.text;
  }

  std::error_code error;
  llvm::ToolOutputFile file(output, error, llvm::sys::fs::OF_Text);
  if (error)
    return fail(output + " cannot be written: " + error.message());
  file.os() << text;
  file.keep();
  return 0;
}
