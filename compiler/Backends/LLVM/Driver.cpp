//===- Driver.cpp - The step that all threads run -------------------------===//
//
// Between two barriers the units of all kernels are laid end to end, weighted by the bytes
// that each moves, and cut into one range a thread. A unit belongs to the thread in whose
// range it starts. A kernel that uses what another one of the region makes has that one's units.
//
//===----------------------------------------------------------------------===//
#include "compiler/Backends/LLVM/Driver.h"
#include "compiler/Backends/LLVM/Emitter.h"
#include "compiler/Passes/Programs.h"
#include "dialects/Kernel/Kernel.h"
#include "dialects/Quant/Weight.h"
#include "runtime/abi/rwkvc_module.h"
#include <cstddef>

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::llvm_backend;
using kernel::Space;

namespace {

/// One program: a function of the step's arguments.
class Driver {
public:
  Driver(func::FuncOp forward, const llvm::StringMap<TiledKernel> &kernels)
      : forward(forward), kernels(kernels), emitter(forward.getLoc()),
        pointer(LLVM::LLVMPointerType::get(forward.getContext())) {}

  LLVM::LLVMFuncOp emit() {
    emitter.setInsertionPoint(forward);
    Type i32 = emitter.getI32Type();
    auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(emitter.getContext()), {pointer, i32, i32});
    auto program = LLVM::LLVMFuncOp::create(emitter, forward.getSymName(), type, LLVM::Linkage::Internal);
    emitter.setInsertionPointToStart(program.addEntryBlock(emitter));
    loadFields(program.getArgument(0));
    thread32 = program.getArgument(1);
    thread = arith::ExtUIOp::create(emitter, emitter.getI64Type(), thread32);
    threads = arith::ExtUIOp::create(emitter, emitter.getI64Type(), program.getArgument(2));

    for (Operation &op : forward.getBody().front()) {
      if (auto weight = dyn_cast<weight::TensorOp>(op))
        places[weight.getResult()] = weight->getAttrOfType<kernel::PlaceAttr>("place");
      else if (auto parallel = dyn_cast<kernel::ParallelOp>(op))
        emitRegion(parallel);
    }
    LLVM::ReturnOp::create(emitter, ValueRange());
    return program;
  }

private:
  Value field(Value step, Type type, size_t offset) {
    return LLVM::LoadOp::create(emitter, type, emitter.at(step, offset), 8);
  }

  void loadFields(Value step) {
    Type i64 = emitter.getI64Type();
    bases[Space::Weights] = field(step, pointer, offsetof(rwkvc_step_t, weights));
    bases[Space::Arena] = field(step, pointer, offsetof(rwkvc_step_t, arena));
    bases[Space::Tokens] = field(step, pointer, offsetof(rwkvc_step_t, tokens));
    bases[Space::Wanted] = field(step, pointer, offsetof(rwkvc_step_t, wanted_rows));
    bases[Space::Logits] = field(step, pointer, offsetof(rwkvc_step_t, logits));
    rows = field(step, i64, offsetof(rwkvc_step_t, rows));
    sequences = field(step, i64, offsetof(rwkvc_step_t, sequences));
    wanted = field(step, i64, offsetof(rwkvc_step_t, wanted));
    firstRow = field(step, pointer, offsetof(rwkvc_step_t, first_row));
    states = field(step, pointer, offsetof(rwkvc_step_t, states));
    Value imports = field(step, pointer, offsetof(rwkvc_step_t, imports));
    context = field(imports, pointer, offsetof(rwkvc_imports_t, context));
    barrier = field(imports, pointer, offsetof(rwkvc_imports_t, barrier));
    for (auto [i, argument] : llvm::enumerate(forward.getArguments()))
      places[argument] = forward.getArgAttrOfType<kernel::PlaceAttr>(i, "kernel.place");
    rowCounts[forward.getArgument(0)] = rows;
    rowCounts[forward.getArgument(1)] = wanted;
  }

  /// Where `value` starts; null for a state, which each sequence has of its own.
  Value addressOf(kernel::PlaceAttr place) {
    if (place.getSpace() == Space::State)
      return {};
    if (place.getSpace() == Space::Arena) // whose buffers grow with the step's rows
      return emitter.at(bases[Space::Arena], emitter.mul(rows, place.getOffset()));
    return emitter.at(bases[place.getSpace()], place.getOffset());
  }

  kernel::KernelOpInterface kernelOf(kernel::CallOp call) { return kernels.find(call.getCallee())->second.op; }

  /// The kernel of the same region that makes what `call` uses, or itself.
  static Operation *makerOf(kernel::CallOp call) {
    for (Value input : call.getInputs())
      if (auto maker = input.getDefiningOp<kernel::CallOp>())
        return maker;
    return call;
  }

  void emitRegion(kernel::ParallelOp parallel) {
    if (!isFirst) {
      auto type =
          LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(emitter.getContext()), {pointer, emitter.getI32Type()});
      LLVM::CallOp::create(emitter, type, ValueRange{barrier, context, thread32});
    }
    isFirst = false;

    int64_t total = 0;
    SmallVector<kernel::CallOp> calls(parallel.getBody().front().getOps<kernel::CallOp>());
    llvm::DenseMap<Operation *, int64_t> costs; // of a unit, with those of the kernels that follow
    for (kernel::CallOp call : calls) {
      total += kernelOf(call).getUnits() * kernelOf(call).getUnitCost();
      costs[makerOf(call)] += kernelOf(call).getUnitCost();
    }
    auto share = [&](Value index) -> Value {
      return arith::DivUIOp::create(emitter, emitter.mul(index, total), threads);
    };
    Value begin = share(thread), end = share(emitter.add(thread, emitter.i64(1)));

    int64_t offset = 0;
    llvm::DenseMap<Operation *, std::pair<Value, Value>> ranges;
    for (kernel::CallOp call : calls) {
      kernel::KernelOpInterface op = kernelOf(call);
      if (auto made = ranges.find(makerOf(call)); made != ranges.end()) {
        emitCall(call, op, made->second.first, made->second.second);
        continue;
      }
      int64_t units = op.getUnits(), cost = costs[call];
      // The first unit that starts at or after `bound`.
      auto unitAt = [&](Value bound) -> Value {
        Value up = emitter.add(bound, emitter.i64(cost - 1 - offset));
        Value clamped = arith::MaxSIOp::create(emitter, up, emitter.i64(0));
        Value unit = arith::DivUIOp::create(emitter, clamped, emitter.i64(cost));
        return emitter.min(unit, emitter.i64(units));
      };
      ranges[call] = {unitAt(begin), unitAt(end)};
      emitCall(call, op, ranges[call].first, ranges[call].second);
      offset += units * cost;
    }
    rememberResults(parallel, calls);
  }

  void emitCall(kernel::CallOp call, kernel::KernelOpInterface op, Value unitBegin, Value unitEnd) {
    SmallVector<Value> pointers;
    SmallVector<std::pair<size_t, int64_t>> ownStates; // argument, and offset into the sequence's states
    for (Value input : call.getInputs()) {
      kernel::PlaceAttr place = places.lookup(input);
      if (place.getSpace() == Space::State)
        ownStates.emplace_back(pointers.size(), place.getOffset());
      pointers.push_back(addressOf(place));
    }
    size_t outputs = call.getNumResults() - op.getInitialStates().size();
    for (size_t i = 0; i < outputs; ++i)
      pointers.push_back(addressOf(cast<kernel::PlaceAttr>(call.getPlacesAttr()[i])));

    Value source = call.getInputs()[cast<BlockArgument>(op.getRowSource()).getArgNumber()];
    Value count = rowCounts.lookup(source);
    for (auto [result, place] : llvm::zip_equal(call.getResults(), call.getPlacesAttr().getAsRange<kernel::PlaceAttr>())) {
      rowCounts[result] = count;
      places[result] = place;
    }

    LLVM::LLVMFuncOp callee = kernels.find(call.getCallee())->second.function;
    auto run = [&](Value rowBegin, Value rowEnd) {
      SmallVector<Value> arguments(pointers);
      arguments.append({rowBegin, rowEnd, unitBegin, unitEnd});
      LLVM::CallOp::create(emitter, callee, arguments);
    };
    Value some = arith::CmpIOp::create(emitter, arith::CmpIPredicate::slt, unitBegin, unitEnd);
    emitter.when(some, [&] {
      if (ownStates.empty())
        return run(emitter.i64(0), count);
      emitter.loop(emitter.i64(0), sequences, 1, {}, [&](Value sequence, ValueRange) -> SmallVector<Value> {
        Value bytes = emitter.mul(sequence, 8);
        Value state = LLVM::LoadOp::create(emitter, pointer, emitter.at(states, bytes), 8);
        for (auto [argument, offset] : ownStates)
          pointers[argument] = emitter.at(state, offset);
        Value first = emitter.at(firstRow, bytes);
        run(LLVM::LoadOp::create(emitter, emitter.getI64Type(), first, 8),
            LLVM::LoadOp::create(emitter, emitter.getI64Type(), emitter.at(first, 8), 8));
        return {};
      });
    });
  }

  /// What the region yields is known outside by the region's results.
  void rememberResults(kernel::ParallelOp parallel, ArrayRef<kernel::CallOp> calls) {
    auto yielded = parallel.getBody().front().getTerminator()->getOperands();
    for (auto [inside, outside] : llvm::zip_equal(yielded, parallel.getResults())) {
      auto result = cast<OpResult>(inside);
      auto call = cast<kernel::CallOp>(result.getOwner());
      places[outside] = cast<kernel::PlaceAttr>(call.getPlacesAttr()[result.getResultNumber()]);
      rowCounts[outside] = rowCounts.lookup(inside);
    }
  }

  func::FuncOp forward;
  const llvm::StringMap<TiledKernel> &kernels;
  Emitter emitter;
  Type pointer;
  std::map<Space, Value> bases;
  llvm::DenseMap<Value, kernel::PlaceAttr> places;
  llvm::DenseMap<Value, Value> rowCounts; // of tensors with rows: `rows`, or `wanted`
  Value rows, sequences, wanted, firstRow, states, context, barrier, thread32, thread, threads;
  bool isFirst = true;
};

} // namespace

/// Runs the first of `programs` that takes `rows`; the last one takes any number.
static void emitChoice(Emitter &emitter, ValueRange arguments, Value rows, ArrayRef<func::FuncOp> programs,
                       ArrayRef<LLVM::LLVMFuncOp> functions) {
  if (programs.size() == 1) {
    LLVM::CallOp::create(emitter, functions[0], arguments);
    return;
  }
  Value most = emitter.i64(passes::mostRows(programs[0]));
  Value fits = arith::CmpIOp::create(emitter, arith::CmpIPredicate::ule, rows, most);
  auto branch = scf::IfOp::create(emitter, fits, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(emitter);
  emitter.setInsertionPointToStart(branch.thenBlock());
  LLVM::CallOp::create(emitter, functions[0], arguments);
  emitter.setInsertionPointToStart(branch.elseBlock());
  emitChoice(emitter, arguments, rows, programs.drop_front(), functions.drop_front());
}

void llvm_backend::emitDriver(ArrayRef<func::FuncOp> programs, const llvm::StringMap<TiledKernel> &kernels) {
  SmallVector<LLVM::LLVMFuncOp> functions;
  for (func::FuncOp program : programs)
    functions.push_back(Driver(program, kernels).emit());
  // The module's description has declared it, if there is one.
  auto module = cast<ModuleOp>(programs.back()->getParentOp());
  if (Operation *declared = module.lookupSymbol("step"))
    declared->erase();
  Emitter emitter(module.getLoc());
  emitter.setInsertionPoint(programs.back());
  auto step = LLVM::LLVMFuncOp::create(emitter, "step", functions.back().getFunctionType(), LLVM::Linkage::Internal);
  emitter.setInsertionPointToStart(step.addEntryBlock(emitter));
  Value rows = LLVM::LoadOp::create(emitter, emitter.getI64Type(),
                                    emitter.at(step.getArgument(0), offsetof(rwkvc_step_t, rows)), 8);
  emitChoice(emitter, step.getArguments(), rows, programs, functions);
  LLVM::ReturnOp::create(emitter, ValueRange());
}
