//===- Programs.cpp - The programs of a model's step ----------------------===//
#include "compiler/Passes/Programs.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace rwkvc;

int64_t passes::mostRows(func::FuncOp program) {
  auto most = program->getAttrOfType<IntegerAttr>("kernel.most_rows");
  return most ? most.getInt() : 0;
}

int64_t passes::kernelRows(kernel::GemmOp gemm, int64_t most) {
  Type x = cast<RankedTensorType>(gemm.getX().getType()).getElementType();
  return x.isF32() && most != 1 ? 0 : most;
}

SmallVector<func::FuncOp> passes::programs(ModuleOp module) {
  auto last = module.lookupSymbol<func::FuncOp>("forward");
  if (!last)
    return {};
  SmallVector<func::FuncOp> found;
  for (auto function : module.getOps<func::FuncOp>())
    if (mostRows(function))
      found.push_back(function);
  llvm::sort(found, [](func::FuncOp a, func::FuncOp b) { return mostRows(a) < mostRows(b); });
  found.push_back(last);
  return found;
}
