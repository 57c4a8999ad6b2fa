//===- GroupScan.cpp - A scan over groups as pipelines --------------------===//
//
// One row of one group: vectors of all its channels, sums over them, and a matrix whose rows are a loop. Groups, and
// the rows of each, are loops around the pipeline, since a state is written where it was read. So all that reads the
// old matrix must come before it is written, or be what it is written from.
//
//===----------------------------------------------------------------------===//
#include "compiler/Backends/Halide/Program/Evaluate.h"
#include "compiler/Backends/Halide/Program/Pipelines.h"
#include <cmath>
#include <set>

using namespace Halide;
using namespace rwkvc::halide_backend;

namespace {

class GroupPipeline {
public:
  explicit GroupPipeline(const Scan &scan) : scan(scan), body(scan.body), size(int(scan.groupSize())) {
    for (unsigned i = 0; i < scan.operands(); ++i) {
      bool isMatrix = body.arguments[i] == Shape::Matrix;
      images.emplace_back(Float(32), isMatrix ? 2 : 1, "operand" + std::to_string(i));
      images.back().dim(0).set_bounds(0, size);
      if (isMatrix)
        images.back().dim(1).set_bounds(0, size).set_stride(size);
    }
    for (unsigned value : body.yields)
      if (body.shape(value) == Shape::Matrix)
        nextValue = int(value);
    if (nextValue >= 0)
      collect(unsigned(nextValue), before);
  }

  void write(PipelineWriter &writer, const std::vector<std::string> &pointers) {
    if (nextValue >= 0 && !readsOldAfterwards()) {
      next(j, i) = matrixAt(unsigned(nextValue), j, i);
      isWritten = true;
    }
    std::vector<Expr> yielded;
    std::vector<unsigned> places;
    for (unsigned n = 0; n < body.yields.size(); ++n) {
      if (int(body.yields[n]) == nextValue)
        continue;
      yielded.push_back(vectorAt(body.yields[n], i));
      places.push_back(n);
    }
    Func out("out");
    if (yielded.size() == 1)
      out(i) = yielded[0];
    else
      out(i) = Tuple(yielded);
    if (nextValue >= 0 && !isWritten)
      next(j, i) = matrixAt(unsigned(nextValue), j, i);

    Bindings bindings;
    for (unsigned n = 0; n < images.size(); ++n)
      bindings.buffers[images[n].name()] = pointers[n];
    auto operand = [&](unsigned n) {
      return n < scan.outputs() ? scan.operands() + n : scan.rows + scan.constants + n - scan.outputs();
    };
    for (unsigned n = 0; n < places.size(); ++n) {
      std::string name = out.name() + (places.size() == 1 ? "" : "." + std::to_string(n));
      bindings.buffers[name] = pointers[operand(places[n])];
      bindings.numbers[name + ".min.0"] = writer.text.i64(0);
    }
    out.output_buffers()[0].dim(0).set_bounds(0, size);
    std::vector<Func> outputs = {out};
    if (nextValue >= 0) {
      // The state is the last of what the body yields.
      bindings.buffers[next.name()] = pointers[operand(unsigned(body.yields.size()) - 1)];
      next.output_buffer().dim(0).set_bounds(0, size);
      next.output_buffer().dim(1).set_bounds(0, size).set_stride(size);
      outputs.insert(isWritten ? outputs.begin() : outputs.end(), next);
    }
    writer.write(Pipeline(outputs), {images.begin(), images.end()}, bindings, [&] { schedule(out); });
  }

private:
  void collect(unsigned value, std::set<unsigned> &values) {
    if (!values.insert(value).second)
      return;
    if (const Instruction *op = body.definition(value))
      for (unsigned operand : op->operands)
        collect(operand, values);
  }

  /// Whether what is not needed for the next matrix reads the old one, or what is between the two.
  bool readsOldAfterwards() const {
    for (unsigned n = 0; n < body.instructions.size(); ++n) {
      if (before.count(unsigned(body.arguments.size()) + n))
        continue;
      for (unsigned operand : body.instructions[n].operands)
        if (body.shape(operand) == Shape::Matrix && int(operand) != nextValue && isOfState(operand))
          return true;
    }
    return false;
  }

  bool isOfState(unsigned value) const {
    const Instruction *op = body.definition(value);
    if (!op)
      return body.arguments[value] == Shape::Matrix;
    if (int(value) == nextValue)
      return false;
    for (unsigned operand : op->operands)
      if (body.shape(operand) == Shape::Matrix && isOfState(operand))
        return true;
    return false;
  }

  /// Computed once: what is used again, and what a matrix is made from.
  bool isStored(unsigned value) const {
    unsigned uses = 0;
    for (const Instruction &op : body.instructions)
      for (unsigned operand : op.operands)
        if (operand == value) {
          ++uses;
          if (op.kind == Instruction::Broadcast)
            return true;
        }
    for (unsigned yielded : body.yields)
      uses += yielded == value;
    return uses > 1;
  }

  Expr vectorAt(unsigned value, Expr index) {
    const Instruction *op = body.definition(value);
    if (!op)
      return images[value](index);
    if (op->kind == Instruction::Constant)
      return op->value;
    if (op->kind == Instruction::Broadcast)
      return scalar(op->operands[0]);
    if (op->kind == Instruction::Reduce)
      return matrixSum(value)(index);
    if (!isStored(value))
      return arithmetic(*op, [&](unsigned operand) { return vectorAt(operand, index); });
    Func &vector = vectors[value];
    if (!vector.defined()) {
      vector = Func("vector" + std::to_string(value));
      vector(i) = arithmetic(*op, [&](unsigned operand) { return vectorAt(operand, i); });
    }
    return vector(index);
  }

  Expr matrixAt(unsigned value, Expr column, Expr row) {
    const Instruction *op = body.definition(value);
    if (isWritten && int(value) == nextValue)
      return next(column, row);
    if (!op)
      return images[value](column, row);
    if (op->kind == Instruction::Constant)
      return op->value;
    if (op->kind == Instruction::Broadcast)
      return vectorAt(op->operands[0], op->axis == Axis::Rows ? column : row);
    return arithmetic(*op, [&](unsigned operand) { return matrixAt(operand, column, row); });
  }

  static Expr arithmetic(const Instruction &op, const std::function<Expr(unsigned)> &operand) {
    std::vector<Expr> operands;
    for (unsigned value : op.operands)
      operands.push_back(operand(value));
    return floatOp(op.op, operands);
  }

  Expr scalar(unsigned value) {
    const Instruction *op = body.definition(value);
    if (op->kind == Instruction::Constant)
      return op->value;
    Func &number = scalars[value];
    if (!number.defined()) {
      Func made("scalar" + std::to_string(value));
      if (op->kind == Instruction::Reduce) {
        RDom r(0, size, "lanes");
        made() = neutral(*op);
        addLanes(*op, made, {}, vectorAt(op->operands[0], r), r);
      } else {
        made() = arithmetic(*op, [&](unsigned operand) { return scalar(operand); });
      }
      number = made;
    }
    return number();
  }

  static Expr neutral(const Instruction &op) { return op.isMaximum ? -INFINITY : 0.0f; }

  /// What Halide knows to be associative it may make a reduction of lanes.
  void addLanes(const Instruction &op, Func total, std::vector<Expr> place, Expr value, RDom r) {
    Expr sum = total(place);
    total(place) = op.isMaximum ? max(sum, value) : sum + value;
    lanesOf.emplace_back(total, r);
  }

  /// Over the columns of each row, or over the rows of each column.
  Func matrixSum(unsigned value) {
    Func &made = sums[value];
    if (made.defined())
      return made;
    const Instruction &op = *body.definition(value);
    made = Func("sum" + std::to_string(value));
    RDom r(0, size, "r");
    made(i) = neutral(op);
    if (op.axis == Axis::Columns) {
      addLanes(op, made, {i}, matrixAt(op.operands[0], r, i), r);
      return made;
    }
    // A sum of products is a fused multiply-add.
    const Instruction *source = body.definition(op.operands[0]);
    if (op.isMaximum || !source || source->op != "arith.mulf" || int(op.operands[0]) == nextValue)
      made(i) = floatOp(op.isMaximum ? "arith.maximumf" : "arith.addf", {made(i), matrixAt(op.operands[0], i, r)});
    else
      made(i) = fused(matrixAt(source->operands[0], i, r), matrixAt(source->operands[1], i, r), made(i));
    rowsOf.emplace_back(made, r);
    return made;
  }

  /// Only the next matrix reads it, row by row.
  bool isOfRows(unsigned value) const {
    if (body.definition(value)->axis != Axis::Columns || !isWritten || !before.count(value))
      return false;
    for (unsigned n = 0; n < body.instructions.size(); ++n)
      for (unsigned operand : body.instructions[n].operands) {
        const Instruction &op = body.instructions[n];
        bool isRowWise = op.kind == Instruction::Broadcast && op.axis == Axis::Columns &&
                         before.count(unsigned(body.arguments.size()) + n);
        if (operand == value && !isRowWise)
          return false;
      }
    for (auto &[other, sum] : sums)
      if (other != value && before.count(other))
        return false;
    return true;
  }

  void schedule(Func out) {
    out.vectorize(i, size);
    for (auto &[total, r] : lanesOf)
      total.update().atomic().vectorize(r, size);
    for (auto &[total, r] : rowsOf)
      total.update().reorder(i, r).vectorize(i, size);
    for (auto &[value, scalar] : scalars)
      scalar.compute_root();
    for (auto &[value, vector] : vectors)
      vector.compute_root().vectorize(i, size);
    for (auto &[value, sum] : sums) {
      if (isOfRows(value))
        sum.compute_at(next, i);
      else if (body.definition(value)->axis == Axis::Rows)
        sum.compute_root().vectorize(i, size);
      else
        sum.compute_root();
    }
    if (nextValue >= 0)
      next.vectorize(j, size);
  }

  const Scan &scan;
  const Body &body;
  int size, nextValue = -1;  // the matrix that is yielded
  bool isWritten = false;    // so that others read it
  std::set<unsigned> before; // what the next matrix is made from
  std::vector<ImageParam> images;
  Var i{"i"}, j{"j"};
  Func next{"next"};
  std::map<unsigned, Func> scalars, vectors, sums;
  std::vector<std::pair<Func, RDom>> lanesOf, rowsOf; // sums over lanes of a vector, and over rows of a matrix
};

} // namespace

void rwkvc::halide_backend::writeGroupScan(const Scan &scan, PipelineWriter &writer) {
  FunctionText &text = writer.text;
  text.loop(text.unitBegin, text.unitEnd, [&](const std::string &group) {
    std::string vectorBytes = text.mul(group, scan.groupSize() * 4);
    std::string matrixBytes = text.mul(group, scan.groupSize() * scan.groupSize() * 4);
    text.loop(text.rowBegin, text.rowEnd, [&](const std::string &row) {
      std::string rowBytes = text.add(text.mul(row, scan.channels * 4), vectorBytes);
      std::vector<std::string> pointers;
      for (unsigned i = 0; i < scan.operands() + scan.outputs(); ++i) {
        bool isRow = i < scan.rows || i >= scan.operands();
        bool isMatrix = i < scan.operands() && scan.body.arguments[i] == Shape::Matrix;
        pointers.push_back(text.at(text.pointer(i), isRow ? rowBytes : isMatrix ? matrixBytes : vectorBytes));
      }
      GroupPipeline(scan).write(writer, pointers);
    });
  });
}
