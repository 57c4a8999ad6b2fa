//===- Tile.cpp - Kernels to loops over vectors ---------------------------===//
#include "compiler/Backends/LLVM/Driver.h"
#include "compiler/Backends/LLVM/Passes.h"
#include "compiler/Backends/LLVM/Tilers.h"
#include "compiler/Passes/Programs.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/ADT/TypeSwitch.h"

namespace rwkvc::llvm_backend {
#define GEN_PASS_DEF_TILE
#include "compiler/Backends/LLVM/Passes.h.inc"
} // namespace rwkvc::llvm_backend

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::llvm_backend;

/// Groups up to this many channels are held in registers; beyond, their rows take turns.
static constexpr int64_t kLargestGroup = 256;

static LogicalResult tile(Operation *op, Emitter &emitter, const KernelFrame &frame) {
  return TypeSwitch<Operation *, LogicalResult>(op)
      .Case([&](kernel::GemmOp gemm) { return tileGemm(gemm, emitter, frame), success(); })
      .Case([&](kernel::GatherOp gather) { return tileGather(gather, emitter, frame), success(); })
      .Case([&](kernel::QuantizeOp quantize) { return tileQuantize(quantize, emitter, frame), success(); })
      .Case([&](kernel::ScanOp scan) -> LogicalResult {
        if (scan.getGroups() == 1 && !scan.hasMatrixState())
          return tileChannels(scan, emitter, frame), success();
        if (scan.getGroupSize() > kLargestGroup)
          return scan.emitOpError() << "has groups of " << scan.getGroupSize() << " channels, but at most "
                                    << kLargestGroup << " fit into registers";
        return tileGroups(scan, emitter, frame);
      })
      .Default([](Operation *op) { return op->emitOpError("is a kernel that this backend does not know"); });
}

/// Replaces `function`, which holds one kernel, by one on pointers of the same name.
static FailureOr<LLVM::LLVMFuncOp> tileFunction(func::FuncOp function, StringRef features) {
  MLIRContext *context = function.getContext();
  auto op = cast<kernel::KernelOpInterface>(function.getBody().front().front());
  size_t pointers = op->getNumOperands() + op->getNumResults() - op.getInitialStates().size();
  SmallVector<Type> types(pointers, LLVM::LLVMPointerType::get(context));
  types.append(4, IntegerType::get(context, 64));

  Emitter emitter(op->getLoc(), features);
  emitter.setInsertionPoint(function);
  auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(context), types);
  auto tiled = LLVM::LLVMFuncOp::create(emitter, function.getSymName(), type, LLVM::Linkage::Internal);
  // Every layer calls it with weights of its own.
  tiled.setNoInline(true);
  Block *entry = tiled.addEntryBlock(emitter);
  emitter.setInsertionPointToStart(entry);
  ValueRange arguments = entry->getArguments();
  KernelFrame frame{arguments.take_front(pointers), arguments[pointers], arguments[pointers + 1],
                    arguments[pointers + 2], arguments[pointers + 3]};
  if (failed(tile(op, emitter, frame)))
    return failure();
  LLVM::ReturnOp::create(emitter, ValueRange());
  return tiled;
}

namespace {

struct Tile : llvm_backend::impl::TileBase<Tile> {
  using TileBase::TileBase;

  void runOnOperation() override {
    SmallVector<func::FuncOp> programs = passes::programs(getOperation());
    auto isPlanned = [](func::FuncOp program) { return program->hasAttr("kernel.arena_row_bytes"); };
    if (programs.empty() || !llvm::all_of(programs, isPlanned)) {
      getOperation().emitError("has no planned @forward");
      return signalPassFailure();
    }
    llvm::StringMap<TiledKernel> kernels;
    SmallVector<func::FuncOp> functions(getOperation().getOps<func::FuncOp>());
    for (func::FuncOp function : functions) {
      if (llvm::is_contained(programs, function))
        continue;
      FailureOr<LLVM::LLVMFuncOp> tiled = tileFunction(function, features);
      if (failed(tiled))
        return signalPassFailure();
      kernels[function.getSymName()] = {cast<kernel::KernelOpInterface>(function.getBody().front().front()), *tiled};
    }
    emitDriver(programs, kernels);
    for (func::FuncOp function : functions)
      function.erase();
  }
};

} // namespace
