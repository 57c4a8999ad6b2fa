//===- PlanMemory.cpp - A place for every value of the step ---------------===//
//
// A value lives from the parallel region that makes it to the last one that reads it; all
// kernels of a region run at the same time.
//
//===----------------------------------------------------------------------===//
#include "compiler/Passes/Passes.h"
#include "compiler/Passes/Programs.h"
#include "dialects/Kernel/Kernel.h"
#include "dialects/Quant/Pack.h"
#include "dialects/Quant/Weight.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/Support/MathExtras.h"

namespace rwkvc::passes {
#define GEN_PASS_DEF_PLANMEMORY
#include "compiler/Passes/Passes.h.inc"
} // namespace rwkvc::passes

using namespace mlir;
using namespace rwkvc;
using kernel::PlaceAttr;
using kernel::Space;

/// Start of every state and activation: a cache line, and the widest vector.
static constexpr int64_t kAlignment = 64;

static PlaceAttr place(MLIRContext *context, Space space, int64_t offset) {
  return PlaceAttr::get(context, space, offset);
}

/// Bytes of a value, or of one of its rows if it has a dynamic number of them.
static int64_t bytesOf(Type type) {
  auto tensor = cast<RankedTensorType>(type);
  int64_t bytes = tensor.hasStaticShape() ? 4 * tensor.getNumElements() : 4;
  if (!tensor.hasStaticShape() && tensor.getRank() == 2)
    bytes = kernel::rowBytes(tensor);
  return llvm::alignTo(bytes, kAlignment);
}

/// All programs read a weight from one place. It lies where the first of them that reads it does so.
static void placeWeights(ArrayRef<func::FuncOp> programs) {
  // By name, transforms and type with its layout.
  using Weight = std::tuple<StringRef, Attribute, Type>;
  llvm::MapVector<Weight, SmallVector<weight::TensorOp>> weights; // by first use
  for (func::FuncOp program : programs)
    program.walk([&](kernel::CallOp call) {
      for (Value input : call.getInputs())
        if (auto op = input.getDefiningOp<weight::TensorOp>()) {
          auto &readers = weights[{op.getName(), op.getTransformsAttr(), op.getType()}];
          if (!llvm::is_contained(readers, op))
            readers.push_back(op);
        }
    });
  // Vectors lie together: at the alignment of matrices they would fill pages with zeros.
  uint64_t end = 0;
  for (bool matrices : {false, true})
    for (auto &[weight, ops] : weights) {
      auto type = cast<RankedTensorType>(std::get<2>(weight));
      if ((type.getRank() == 2) != matrices)
        continue;
      uint64_t offset = llvm::alignTo(end, weight::packedAlignment(type));
      for (weight::TensorOp op : ops)
        op->setAttr("place", place(op.getContext(), Space::Weights, offset));
      end = offset + weight::packedBytes(type);
    }
}

static void placeArguments(func::FuncOp step) {
  MLIRContext *context = step.getContext();
  step.setArgAttr(0, "kernel.place", place(context, Space::Tokens, 0));
  step.setArgAttr(1, "kernel.place", place(context, Space::Wanted, 0));
  int64_t offset = 0;
  for (unsigned i = 2; i < step.getNumArguments(); ++i) {
    step.setArgAttr(i, "kernel.place", place(context, Space::State, offset));
    offset += bytesOf(step.getArgument(i).getType());
  }
  step->setAttr("kernel.state_bytes", Builder(context).getI64IntegerAttr(offset));
}

namespace {

/// The arena: intervals of bytes, each busy over an interval of regions.
class Arena {
public:
  struct Buffer {
    int64_t offset, bytes;
    unsigned first, last;
  };

  /// The lowest place that is free from region `first` to `last`.
  int64_t allocate(int64_t bytes, unsigned first, unsigned last) {
    SmallVector<Buffer> busy;
    for (const Buffer &buffer : buffers)
      if (buffer.first <= last && first <= buffer.last)
        busy.push_back(buffer);
    llvm::sort(busy, [](const Buffer &a, const Buffer &b) { return a.offset < b.offset; });
    int64_t offset = 0;
    for (const Buffer &buffer : busy) {
      if (buffer.offset >= offset + bytes)
        break;
      offset = std::max(offset, buffer.offset + buffer.bytes);
    }
    buffers.push_back({offset, bytes, first, last});
    size = std::max(size, offset + bytes);
    return offset;
  }

  /// Takes over the place of a value that dies in region `first`.
  void extend(int64_t offset, int64_t bytes, unsigned first, unsigned last) {
    buffers.push_back({offset, bytes, first, last});
  }

  int64_t size = 0;

private:
  SmallVector<Buffer> buffers;
};

class Planner {
public:
  explicit Planner(func::FuncOp step) : step(step), module(cast<ModuleOp>(step->getParentOp())) {
    for (auto parallel : step.getOps<kernel::ParallelOp>())
      regions.try_emplace(parallel, regions.size());
  }

  int64_t run() {
    for (auto parallel : step.getOps<kernel::ParallelOp>())
      for (auto call : parallel.getBody().front().getOps<kernel::CallOp>())
        placeResults(parallel, call);
    return arena.size;
  }

private:
  /// The last region that reads `value`.
  unsigned lastUse(Value value) {
    unsigned last = 0;
    for (Operation *user : value.getUsers())
      if (auto parallel = dyn_cast<kernel::ParallelOp>(user->getParentOp()))
        last = std::max(last, regions.lookup(parallel));
    return last;
  }

  /// A row operand of `call`'s epilogue whose place its result may take: nobody else reads it here or later.
  std::optional<int64_t> overwritable(kernel::CallOp call, unsigned region) {
    auto callee = module.lookupSymbol<func::FuncOp>(call.getCallee());
    auto gemm = dyn_cast<kernel::GemmOp>(callee.getBody().front().front());
    if (!gemm)
      return std::nullopt;
    for (Value row : gemm.getRows()) {
      Value value = call.getInputs()[cast<BlockArgument>(row).getArgNumber()];
      auto found = arenaOffsets.find(value);
      auto usedHere = [&](OpOperand &use) { return regions.lookup(use.getOwner()->getParentOp()) == region; };
      if (found != arenaOffsets.end() && row.hasOneUse() && lastUse(value) == region &&
          llvm::count_if(value.getUses(), usedHere) == 1)
        return found->second;
    }
    return std::nullopt;
  }

  PlaceAttr placeResult(kernel::ParallelOp parallel, kernel::CallOp call, OpResult result) {
    MLIRContext *context = call.getContext();
    auto yielded = parallel.getBody().front().getTerminator()->getOperands();
    Value visible = parallel->getResult(llvm::find(yielded, Value(result)) - yielded.begin());
    for (OpOperand &use : visible.getUses())
      if (isa<func::ReturnOp>(use.getOwner())) {
        unsigned index = use.getOperandNumber();
        return index == 0 ? place(context, Space::Logits, 0)
                          : step.getArgAttrOfType<PlaceAttr>(index + 1, "kernel.place");
      }

    unsigned region = regions.lookup(parallel), last = std::max(region, lastUse(visible));
    int64_t bytes = bytesOf(visible.getType()), offset;
    if (std::optional<int64_t> taken = overwritable(call, region)) {
      offset = *taken;
      arena.extend(offset, bytes, region, last);
    } else {
      offset = arena.allocate(bytes, region, last);
    }
    arenaOffsets[visible] = offset;
    return place(context, Space::Arena, offset);
  }

  void placeResults(kernel::ParallelOp parallel, kernel::CallOp call) {
    SmallVector<Attribute> places;
    for (OpResult result : call->getResults())
      places.push_back(placeResult(parallel, call, result));
    call.setPlacesAttr(ArrayAttr::get(call.getContext(), places));
  }

  func::FuncOp step;
  ModuleOp module;
  llvm::DenseMap<Operation *, unsigned> regions;
  llvm::DenseMap<Value, int64_t> arenaOffsets;
  Arena arena;
};

struct PlanMemory : passes::impl::PlanMemoryBase<PlanMemory> {
  void runOnOperation() override {
    SmallVector<func::FuncOp> programs = passes::programs(getOperation());
    if (programs.empty()) {
      getOperation().emitError("has no function @forward");
      return signalPassFailure();
    }
    placeWeights(programs);
    for (func::FuncOp program : programs) {
      placeArguments(program);
      program->setAttr("kernel.arena_row_bytes", Builder(&getContext()).getI64IntegerAttr(Planner(program).run()));
    }
  }
};

} // namespace
