//===- Bitcode.cpp - Kernels that others have compiled --------------------===//
#include "compiler/Backends/Bitcode.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/Module.h"
#include "llvm/Linker/Linker.h"

using namespace llvm;
using namespace rwkvc;

/// A module that defines `name` as `declared`, and nothing else that others see.
static Expected<std::unique_ptr<Module>> parse(StringRef bitcode, const Function &declared) {
  StringRef name = declared.getName();
  Expected<std::unique_ptr<Module>> parsed = parseBitcodeFile(MemoryBufferRef(bitcode, name), declared.getContext());
  if (!parsed)
    return createStringError("the bitcode of kernel '" + name + "' cannot be read: " + toString(parsed.takeError()));
  Function *kernel = (*parsed)->getFunction(name);
  if (!kernel || kernel->isDeclaration())
    return createStringError("the bitcode of kernel '" + name + "' does not define it");
  if (kernel->getFunctionType() != declared.getFunctionType())
    return createStringError("the bitcode of kernel '" + name + "' defines it with other arguments");
  for (GlobalValue &value : (*parsed)->global_values())
    if (&value != kernel && !value.isDeclaration() && !value.getName().starts_with("llvm.")) {
      if (auto *object = dyn_cast<GlobalObject>(&value))
        object->setComdat(nullptr);
      value.setLinkage(GlobalValue::InternalLinkage);
    }
  // Its own description of the target is that of an older LLVM.
  (*parsed)->setTargetTriple(declared.getParent()->getTargetTriple());
  (*parsed)->setDataLayout(declared.getParent()->getDataLayout());
  return parsed;
}

Error rwkvc::linkBitcode(mlir::ModuleOp module, Module &translated) {
  for (auto function : module.getOps<mlir::LLVM::LLVMFuncOp>()) {
    auto bitcode = function->getAttrOfType<mlir::StringAttr>(kBitcodeAttr);
    Function *declared = bitcode ? translated.getFunction(function.getSymName()) : nullptr;
    if (!declared)
      continue;
    std::string name = declared->getName().str();
    Expected<std::unique_ptr<Module>> parsed = parse(bitcode.getValue(), *declared);
    if (!parsed)
      return parsed.takeError();
    if (Linker::linkModules(translated, std::move(*parsed)))
      return createStringError("the bitcode of kernel '" + name + "' does not fit into the module");
    Function *linked = translated.getFunction(name);
    linked->setLinkage(GlobalValue::InternalLinkage);
    linked->addFnAttr(Attribute::NoInline);
  }
  return Error::success();
}
