//===- Tile.cpp - Each kernel to the backend that its schedule names ------===//
#include "compiler/Backends/Backends.h"
#include "compiler/Backends/LLVM/Driver.h"
#include "compiler/Backends/Passes.h"
#include "compiler/Passes/Programs.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/ADT/MapVector.h"

namespace rwkvc::lowering {
#define GEN_PASS_DEF_TILE
#include "compiler/Backends/Passes.h.inc"
} // namespace rwkvc::lowering

using namespace mlir;
using namespace rwkvc;

/// A declaration on pointers that has the name of `function`, which holds `op`.
static LLVM::LLVMFuncOp declare(func::FuncOp function, kernel::KernelOpInterface op) {
  MLIRContext *context = function.getContext();
  size_t pointers = op->getNumOperands() + op->getNumResults() - op.getInitialStates().size();
  SmallVector<Type> types(pointers, LLVM::LLVMPointerType::get(context));
  types.append(4, IntegerType::get(context, 64));
  OpBuilder builder(function);
  auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(context), types);
  auto declared =
      LLVM::LLVMFuncOp::create(builder, op->getLoc(), function.getSymName(), type, LLVM::Linkage::Internal);
  // Every layer calls it with weights of its own.
  declared.setNoInline(true);
  return declared;
}

namespace {

struct Tile : lowering::impl::TileBase<Tile> {
  using TileBase::TileBase;

  void runOnOperation() override {
    SmallVector<func::FuncOp> programs = passes::programs(getOperation());
    auto isPlanned = [](func::FuncOp program) { return program->hasAttr("kernel.arena_row_bytes"); };
    if (programs.empty() || !llvm::all_of(programs, isPlanned)) {
      getOperation().emitError("has no planned @forward");
      return signalPassFailure();
    }
    KernelTarget target{triple, features, autoscheduler};
    llvm::MapVector<const Backend *, SmallVector<PlannedKernel>> planned;
    llvm::StringMap<llvm_backend::TiledKernel> kernels;
    SmallVector<func::FuncOp> functions(getOperation().getOps<func::FuncOp>());
    for (func::FuncOp function : functions) {
      if (llvm::is_contained(programs, function))
        continue;
      auto op = cast<kernel::KernelOpInterface>(function.getBody().front().front());
      FailureOr<const Backend *> backend = backendOf(op, target);
      if (failed(backend))
        return signalPassFailure();
      LLVM::LLVMFuncOp lowered = declare(function, op);
      kernels[function.getSymName()] = {op, lowered};
      planned[*backend].push_back({op, lowered});
    }
    for (auto &[backend, own] : planned)
      if (failed(backend->lower(own, target)))
        return signalPassFailure();
    llvm_backend::emitDriver(programs, kernels);
    for (func::FuncOp function : functions)
      function.erase();
  }
};

} // namespace
