//===- Codegen.cpp - From LLVM IR to machine code -------------------------===//
//
// Generated code stands alone: it calls nothing but what the step's import table gives, so LLVM must not turn loops
// into calls of the C library.
//
//===----------------------------------------------------------------------===//
#include "compiler/Backends/LLVM/Codegen.h"
#include "mlir/ExecutionEngine/OptUtils.h"
#include "runtime/abi/rwkvc_module.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetMachine.h"

using namespace llvm;

static void prepare(llvm::Module &module, TargetMachine &machine, const rwkvc::Target &target) {
  module.setTargetTriple(machine.getTargetTriple());
  module.setDataLayout(machine.createDataLayout());
  module.setPICLevel(PICLevel::BigPIC);
  for (Function &function : module) {
    if (function.isDeclaration())
      continue;
    function.addFnAttr("no-builtins");
    function.setDoesNotThrow();
    // Runs before anybody has compared the CPU with the module's list.
    if (function.getName() == RWKVC_QUERY_SYMBOL) {
      function.addFnAttr("target-cpu", target.baselineCpu);
      function.addFnAttr("target-features", "");
      continue;
    }
    function.addFnAttr("target-cpu", target.codeCpu);
    if (!target.features.empty())
      function.addFnAttr("target-features", target.features);
    // LLVM's tuning may prefer halves of the widest vectors; tiles are planned for whole ones.
    function.addFnAttr("prefer-vector-width", std::to_string(target.vectorBits));
  }
}

Error rwkvc::optimise(llvm::Module &module, const Target &target) {
  std::unique_ptr<TargetMachine> machine = createTargetMachine(target);
  prepare(module, *machine, target);
  std::string broken;
  raw_string_ostream explanation(broken);
  if (verifyModule(module, &explanation))
    return createStringError("the generated LLVM IR is not valid: " + StringRef(broken).split('\n').first);
  return mlir::makeOptimizingTransformer(/*optLevel=*/3, /*sizeLevel=*/0, machine.get())(&module);
}

static Expected<SmallVector<char, 0>> emit(llvm::Module &module, const rwkvc::Target &target, CodeGenFileType type) {
  std::unique_ptr<TargetMachine> machine = createTargetMachine(target);
  SmallVector<char, 0> bytes;
  raw_svector_ostream out(bytes);
  legacy::PassManager passes;
  if (machine->addPassesToEmitFile(passes, out, nullptr, type))
    return createStringError("LLVM cannot generate code for " + target.triple);
  passes.run(module);
  return bytes;
}

Expected<SmallVector<char, 0>> rwkvc::emitObject(llvm::Module &module, const Target &target) {
  return emit(module, target, CodeGenFileType::ObjectFile);
}

Expected<SmallVector<char, 0>> rwkvc::emitAssembly(llvm::Module &module, const Target &target) {
  return emit(module, target, CodeGenFileType::AssemblyFile);
}
