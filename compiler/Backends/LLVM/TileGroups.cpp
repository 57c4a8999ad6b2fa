//===- TileGroups.cpp - A scan over groups to code on whole groups --------===//
//
// A group is one vector. A matrix state is visited once, some rows at a time: what its rows are made
// of is ready before, what they sum up to is ready after. A sum over a row's columns may be
// used again by the same row.
//
// For RWKV-7 with vectors of 16 and heads of 64 channels, four rows at once must become, of each row: 4 loads, 4 vmulps, 16
// multiply-adds, 4 stores; and of all four together 16 shuffles and 10 additions that sum over lanes.
//
//===----------------------------------------------------------------------===//
#include "compiler/Backends/LLVM/LaneSums.h"
#include "compiler/Backends/LLVM/Tilers.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::llvm_backend;
using kernel::Axis;
using weight::kLanes;

static bool isMatrix(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.getRank() == 2;
}

namespace {

class GroupTiler {
public:
  GroupTiler(kernel::ScanOp op, Emitter &emitter, const KernelFrame &frame)
      : op(op), emitter(emitter), frame(frame), body(op.getBody().front()), size(op.getGroupSize()) {
    int64_t rows = op.getScheduleAttr().getTileRows();
    rowsAtOnce = size % kLanes == 0 && size % rows == 0 && llvm::isPowerOf2_64(rows) ? rows : 1;
  }

  LogicalResult emit() {
    if (failed(classify()))
      return failure();
    scratch = LLVM::AllocaOp::create(emitter, LLVM::LLVMPointerType::get(op.getContext()), emitter.f32(0).getType(),
                                     emitter.i64(size * (columns.size() + 1)), 64);
    emitter.loop(frame.unitBegin, frame.unitEnd, 1, {}, [&](Value group, ValueRange) -> SmallVector<Value> {
      emitGroup(group);
      return {};
    });
    return success();
  }

private:
  bool isPass(Operation &inner) {
    auto reduce = dyn_cast<kernel::ReduceOp>(inner);
    return isMatrix(inner.getResult(0)) || (reduce && isMatrix(reduce.getValue()));
  }

  /// Sorts the body into what comes before, in and after the pass over the rows of the state.
  LogicalResult classify() {
    llvm::DenseSet<Value> late; // known only after the pass
    for (Operation &inner : body.without_terminator()) {
      bool needsLate = llvm::any_of(inner.getOperands(), [&](Value value) { return late.contains(value); });
      if (!isPass(inner)) {
        (needsLate ? after : before).push_back(&inner);
        if (needsLate)
          late.insert(inner.getResult(0));
        continue;
      }
      auto broadcast = dyn_cast<kernel::BroadcastOp>(inner);
      auto reduce = broadcast ? broadcast.getValue().getDefiningOp<kernel::ReduceOp>() : kernel::ReduceOp();
      bool sameRow = broadcast && broadcast.getAxis() == Axis::Columns && reduce && reduce.getAxis() == Axis::Columns;
      if (needsLate && !sameRow)
        return inner.emitOpError("needs a second pass over the rows of the state, which no kernel makes");
      pass.push_back(&inner);
      if (broadcast && broadcast.getAxis() == Axis::Columns && !sameRow)
        columns.insert(broadcast.getValue());
      if (auto sum = dyn_cast<kernel::ReduceOp>(inner)) {
        late.insert(sum.getResult());
        (sum.getAxis() == Axis::Rows ? rowSums : columnSums).push_back(sum);
        if (sum.getAxis() == Axis::Columns)
          columns.insert(sum.getResult());
      }
    }
    return success();
  }

  /// A vector's place in the scratch memory, from which its elements are read one by one.
  Value scratchOf(Value vector) {
    return emitter.at(scratch, 4 * size * std::distance(columns.begin(), llvm::find(columns, vector)));
  }

  Value loadGroup(unsigned index, Value bytes) {
    return emitter.load(emitter.at(frame.pointers[index], bytes), {size, size});
  }

  void emitGroup(Value group) {
    Value groupBytes = emitter.mul(group, size * 4);
    IRMapping constants;
    for (unsigned i = op.getRows().size(); i < op.getRows().size() + op.getConstants().size(); ++i)
      constants.map(body.getArgument(i), loadGroup(i, groupBytes));
    matrixBytes = emitter.mul(group, size * size * 4);

    emitter.loop(frame.rowBegin, frame.rowEnd, 1, {}, [&](Value row, ValueRange) -> SmallVector<Value> {
      Value rowBytes = emitter.add(emitter.mul(row, op.getChannels() * 4), groupBytes);
      IRMapping values = constants;
      for (unsigned i = 0; i < op.getRows().size(); ++i)
        values.map(body.getArgument(i), loadGroup(i, rowBytes));
      unsigned firstState = op.getNumOperands() - op.getStates().size();
      for (unsigned i = firstState; i < op.getNumOperands(); ++i)
        if (!isMatrix(body.getArgument(i)))
          values.map(body.getArgument(i), loadGroup(i, groupBytes));

      for (Operation *inner : before)
        values.map(inner->getResult(0), emitVector(inner, values));
      if (!pass.empty())
        emitPass(values);
      for (Operation *inner : after)
        values.map(inner->getResult(0), emitVector(inner, values));

      for (auto [i, yielded] : llvm::enumerate(body.getTerminator()->getOperands())) {
        if (isMatrix(yielded))
          continue; // stored by the pass
        bool isOutput = i < op.getNumOutputs();
        unsigned index = isOutput ? op.getNumOperands() + i : firstState + i - op.getNumOutputs();
        emitter.store(values.lookup(yielded), emitter.at(frame.pointers[index], isOutput ? rowBytes : groupBytes),
                      {size, size});
      }
      return {};
    });
  }

  Value reduceLanes(kernel::Combiner combiner, Value vector) {
    auto kind = combiner == kernel::Combiner::Add ? vector::CombiningKind::ADD : vector::CombiningKind::MAXIMUMF;
    return vector::ReductionOp::create(emitter, kind, vector, arith::FastMathFlags::reassoc);
  }

  /// An op on groups and scalars.
  Value emitVector(Operation *inner, const IRMapping &values) {
    if (auto broadcast = dyn_cast<kernel::BroadcastOp>(inner))
      return emitter.splat(values.lookup(broadcast.getValue()), size);
    if (auto reduce = dyn_cast<kernel::ReduceOp>(inner))
      return reduceLanes(reduce.getCombiner(), values.lookup(reduce.getValue()));
    return emitter.lift(inner, values, inner->getResult(0).getType().isF32() ? 0 : size);
  }

  void emitPass(IRMapping &values) {
    for (Value vector : columns)
      if (Value known = values.lookupOrNull(vector))
        emitter.store(known, scratchOf(vector), {size, size});
    SmallVector<Value> sums(rowSums.size(), emitter.zeros(size));
    for (auto [sum, reduce] : llvm::zip_equal(sums, rowSums))
      if (reduce.getCombiner() == kernel::Combiner::Max)
        sum = emitter.splat(emitter.f32(-INFINITY), size);

    auto body = [&](Value index, ValueRange carried) {
      SmallVector<Value> next(carried);
      emitStateRows(index, values, next);
      return next;
    };
    ValueRange totals = emitter.loop(emitter.i64(0), emitter.i64(size), rowsAtOnce, sums, body);
    for (auto [reduce, total] : llvm::zip_equal(rowSums, totals))
      values.map(reduce.getResult(), total);
    for (kernel::ReduceOp reduce : columnSums)
      values.map(reduce.getResult(), emitter.load(scratchOf(reduce.getResult()), {size, size}));
  }

  /// Rows `index` and following of every matrix; `sums` gain them.
  void emitStateRows(Value index, const IRMapping &outside, MutableArrayRef<Value> sums) {
    SmallVector<IRMapping> rows(rowsAtOnce, outside);
    Value inMatrix = emitter.add(matrixBytes, emitter.mul(index, size * 4)), inVector = emitter.mul(index, 4);
    unsigned firstState = op.getNumOperands() - op.getStates().size();
    for (unsigned i = firstState; i < op.getNumOperands(); ++i)
      for (auto [r, row] : llvm::enumerate(rows))
        if (isMatrix(body.getArgument(i)))
          row.map(body.getArgument(i), loadGroup(i, emitter.add(inMatrix, emitter.i64(r * size * 4))));

    for (Operation *inner : pass) {
      auto reduce = dyn_cast<kernel::ReduceOp>(inner);
      if (reduce && reduce.getAxis() == Axis::Columns) {
        emitColumnSums(reduce, emitter.at(scratchOf(reduce.getResult()), inVector), rows);
        continue;
      }
      for (auto [r, row] : llvm::enumerate(rows)) {
        if (reduce) {
          Value &sum = sums[llvm::find(rowSums, reduce) - rowSums.begin()];
          sum = combine(reduce.getCombiner(), reduce.getValue(), sum, row.lookup(reduce.getValue()), row);
        } else if (auto broadcast = dyn_cast<kernel::BroadcastOp>(inner)) {
          row.map(broadcast.getResult(), emitBroadcast(broadcast, emitter.add(inVector, emitter.i64(4 * r)), row));
        } else {
          row.map(inner->getResult(0), emitter.lift(inner, row, size));
        }
      }
    }
    for (auto [i, yielded] : llvm::enumerate(body.getTerminator()->getOperands()))
      for (auto [r, row] : llvm::enumerate(rows))
        if (isMatrix(yielded))
          emitter.store(row.lookup(yielded),
                        emitter.at(emitter.at(frame.pointers[firstState + i - op.getNumOutputs()], inMatrix),
                                   r * size * 4),
                        {size, size});
  }

  Value emitBroadcast(kernel::BroadcastOp broadcast, Value inVector, const IRMapping &row) {
    Value vector = broadcast.getValue(), known = row.lookupOrNull(vector);
    if (broadcast.getAxis() != Axis::Columns)
      return known;
    bool isElement = known && known.getType().isF32();
    return emitter.splat(isElement ? known : emitter.loadScalar(emitter.at(scratchOf(vector), inVector)), size);
  }

  /// Maps the sum over the columns of each row, and writes all of them to `place`.
  void emitColumnSums(kernel::ReduceOp reduce, Value place, MutableArrayRef<IRMapping> rows) {
    if (rows.size() == 1) {
      Value sum = reduceLanes(reduce.getCombiner(), rows[0].lookup(reduce.getValue()));
      rows[0].map(reduce.getResult(), sum);
      LLVM::StoreOp::create(emitter, sum, place, 4);
      return;
    }
    auto join = [&](Value a, Value b) -> Value {
      if (reduce.getCombiner() == kernel::Combiner::Max)
        return arith::MaximumFOp::create(emitter, a, b);
      return arith::AddFOp::create(emitter, a, b);
    };
    SmallVector<Value> vectors;
    for (IRMapping &row : rows) {
      Value vector = row.lookup(reduce.getValue());
      for (int64_t width = size; width > kLanes; width /= 2) {
        auto half = [&](int64_t first) -> Value {
          return vector::ExtractStridedSliceOp::create(emitter, vector, first, width / 2, 1);
        };
        vector = join(half(0), half(width / 2));
      }
      vectors.push_back(vector);
    }
    Value totals = combineLanes(emitter, vectors, join);
    for (auto [r, row] : llvm::enumerate(rows))
      row.map(reduce.getResult(), vector::ExtractOp::create(emitter, totals, int64_t(r)).getResult());
    LLVM::StoreOp::create(emitter, totals, place, 4);
  }

  /// A sum of products is a fused multiply-add.
  Value combine(kernel::Combiner combiner, Value source, Value sum, Value value, const IRMapping &row) {
    if (combiner == kernel::Combiner::Max)
      return arith::MaximumFOp::create(emitter, sum, value);
    if (auto product = source.getDefiningOp<arith::MulFOp>())
      return math::FmaOp::create(emitter, row.lookup(product.getLhs()), row.lookup(product.getRhs()), sum);
    return arith::AddFOp::create(emitter, sum, value);
  }

  kernel::ScanOp op;
  Emitter &emitter;
  const KernelFrame &frame;
  Block &body;
  int64_t size, rowsAtOnce;
  SmallVector<Operation *> before, pass, after;
  SmallVector<kernel::ReduceOp> rowSums, columnSums;
  llvm::SetVector<Value> columns; // vectors whose elements the rows read or write one by one
  Value scratch, matrixBytes;
};

} // namespace

LogicalResult llvm_backend::tileGroups(kernel::ScanOp op, Emitter &emitter, const KernelFrame &frame) {
  return GroupTiler(op, emitter, frame).emit();
}
