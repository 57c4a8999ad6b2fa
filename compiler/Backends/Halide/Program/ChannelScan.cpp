//===- ChannelScan.cpp - A scan over whole rows as pipelines --------------===//
//
// Of a row, each sum is a loop over all channels, by a vector of partial sums; then the channels that the thread owns
// are one loop that makes all outputs and states. Rows are a loop around the pipeline.
//
//===----------------------------------------------------------------------===//
#include "compiler/Backends/Halide/Program/Evaluate.h"
#include "compiler/Backends/Halide/Program/Pipelines.h"
#include <cmath>

using namespace Halide;
using namespace rwkvc::halide_backend;

namespace {

/// The pipeline of one row's channels from `begin` on.
class ChannelPipeline {
public:
  /// `lanes` are the channels of a vector; a tail is `tail` channels, else 0.
  ChannelPipeline(const Scan &scan, int64_t lanes, int64_t tail) : scan(scan), lanes(lanes), tail(tail) {
    for (unsigned i = 0; i < scan.operands(); ++i) {
      images.emplace_back(Float(32), 1, "operand" + std::to_string(i));
      images.back().dim(0).set_min(0);
    }
  }

  /// `pointers` are those of the row; outputs begin at channel `begin`.
  void write(PipelineWriter &writer, const std::vector<std::string> &pointers, const std::string &begin,
             const std::string &chunks) {
    unsigned first = scan.body.arguments.size();
    for (unsigned i = 0; i < scan.body.instructions.size(); ++i)
      if (scan.body.instructions[i].shape == Shape::Scalar)
        scalars[first + i] = defineScalar(first + i);
    Var c("c");
    std::vector<Expr> yielded;
    std::map<unsigned, Expr> known;
    for (unsigned value : scan.body.yields)
      yielded.push_back(at(value, c, known));
    Func out("out");
    if (yielded.size() == 1)
      out(c) = yielded[0];
    else
      out(c) = Tuple(yielded);

    Param<int> from("from"), count("count");
    std::vector<Argument> arguments(images.begin(), images.end());
    arguments.insert(arguments.end(), {from, count});
    Bindings bindings;
    bindings.numbers = {{"from", begin}, {"count", chunks}};
    for (unsigned i = 0; i < images.size(); ++i)
      bindings.buffers[images[i].name()] = pointers[i];
    for (unsigned i = 0; i < yielded.size(); ++i) {
      std::string name = out.name() + (yielded.size() == 1 ? "" : "." + std::to_string(i));
      bool isOutput = i < scan.outputs();
      unsigned operand = isOutput ? scan.operands() + i : scan.rows + scan.constants + i - scan.outputs();
      bindings.buffers[name] = writer.text.at(pointers[operand], begin, "f32");
      bindings.numbers[name + ".min.0"] = begin;
    }
    // Of several outputs, the first one's range is that of all.
    out.output_buffers()[0].dim(0).set_bounds(from, tail ? Expr(int(tail)) : count * int(lanes));
    writer.write(Pipeline(out), arguments, bindings, [&] { schedule(out, c); });
  }

private:
  /// A vector at channel `c`.
  Expr at(unsigned value, Expr c) {
    std::map<unsigned, Expr> known; // so that what is used twice stays one expression
    return at(value, c, known);
  }

  Expr at(unsigned value, Expr c, std::map<unsigned, Expr> &known) {
    const Instruction *op = scan.body.definition(value);
    if (!op)
      return images[value](c);
    if (op->kind == Instruction::Constant)
      return op->value;
    if (op->kind == Instruction::Broadcast)
      return scalars[op->operands[0]];
    if (auto found = known.find(value); found != known.end())
      return found->second;
    std::vector<Expr> operands;
    for (unsigned operand : op->operands)
      operands.push_back(at(operand, c, known));
    return known[value] = floatOp(op->op, operands);
  }

  Expr defineScalar(unsigned value) {
    const Instruction &op = *scan.body.definition(value);
    if (op.kind == Instruction::Constant)
      return op.value;
    Func scalar("scalar" + std::to_string(value));
    if (op.kind == Instruction::Reduce) {
      defineReduction(op, scalar);
    } else {
      std::vector<Expr> operands;
      for (unsigned operand : op.operands)
        operands.push_back(scalars[operand]);
      scalar() = floatOp(op.op, operands);
    }
    roots.push_back(scalar);
    return scalar();
  }

  void defineReduction(const Instruction &op, Func total) {
    auto combine = [&](Expr a, Expr b) { return floatOp(op.isMaximum ? "arith.maximumf" : "arith.addf", {a, b}); };
    Expr neutral = op.isMaximum ? -INFINITY : 0.0f;
    int whole = int(scan.channels / lanes);
    total() = neutral;
    if (whole) {
      Func partial(total.name() + "_partial");
      Var lane("lane");
      RDom chunk(0, whole, "chunk"), r(0, int(lanes), "lanes");
      partial(lane) = neutral;
      partial(lane) = combine(partial(lane), at(op.operands[0], chunk * int(lanes) + lane));
      // What Halide knows to be associative it may make a reduction of lanes.
      total() = op.isMaximum ? max(total(), partial(r)) : total() + partial(r);
      partials.push_back({partial, total, lane, r});
    }
    // What no whole vector holds, kLanes at a time. Lanes outside of the row do not count.
    for (int64_t first = whole * lanes; first < scan.channels; first += kLanes) {
      RDom r(0, int(kLanes), "rest");
      Expr c = int(first) + r, last = int(scan.channels) - 1;
      Expr value = first + kLanes <= scan.channels ? at(op.operands[0], c)
                                                   : select(c <= last, at(op.operands[0], min(c, last)), neutral);
      total() = op.isMaximum ? max(total(), value) : total() + value;
      rests.emplace_back(total, r);
    }
  }

  void schedule(Func out, Var c) {
    for (Func root : roots)
      root.compute_root();
    for (Partial &sum : partials) {
      sum.partial.compute_root().vectorize(sum.lane, int(lanes));
      sum.partial.update().vectorize(sum.lane, int(lanes));
      sum.total.update(0).atomic().vectorize(sum.lanes, int(lanes));
    }
    std::map<std::string, int> next; // update of a sum
    for (Partial &sum : partials)
      next[sum.total.name()] = 1;
    for (auto &[total, r] : rests)
      total.update(next[total.name()]++).atomic().vectorize(r, int(kLanes));
    if (!tail)
      out.vectorize(c, int(lanes));
    else if (tail % kLanes == 0)
      out.vectorize(c, int(kLanes));
  }

  struct Partial {
    Func partial, total;
    Var lane;
    RDom lanes;
  };

  const Scan &scan;
  int64_t lanes, tail;
  std::vector<ImageParam> images;
  std::map<unsigned, Expr> scalars;
  std::vector<Func> roots;
  std::vector<Partial> partials;
  std::vector<std::pair<Func, RDom>> rests;
};

} // namespace

void rwkvc::halide_backend::writeChannelScan(const Scan &scan, PipelineWriter &writer) {
  FunctionText &text = writer.text;
  int64_t lanes = scan.block % (4 * kLanes) ? kLanes : 4 * kLanes, whole = scan.channels / lanes;
  std::string begin = text.mul(text.unitBegin, scan.block / lanes);
  std::string chunks = text.sub(text.min(text.mul(text.unitEnd, scan.block / lanes), text.i64(whole)), begin);
  std::string first = text.mul(begin, lanes), ownsTail;
  if (scan.channels % lanes)
    ownsTail = text.isLess(text.i64(scan.units - 1), text.unitEnd);
  text.loop(text.rowBegin, text.rowEnd, [&](const std::string &row) {
    std::string bytes = text.mul(row, scan.channels * 4);
    std::vector<std::string> pointers;
    for (unsigned i = 0; i < scan.operands() + scan.outputs(); ++i) {
      bool isRow = i < scan.rows || i >= scan.operands();
      pointers.push_back(isRow ? text.at(text.pointer(i), bytes) : text.pointer(i));
    }
    if (whole)
      ChannelPipeline(scan, lanes, 0).write(writer, pointers, first, chunks);
    if (int64_t tail = scan.channels % lanes)
      text.when(ownsTail, [&] {
        ChannelPipeline(scan, lanes, tail).write(writer, pointers, text.i64(whole * lanes), text.i64(0));
      });
  });
}

void rwkvc::halide_backend::writeScan(const Scan &scan, PipelineWriter &writer) {
  bool hasMatrix = false;
  for (Shape shape : scan.body.arguments)
    hasMatrix |= shape == Shape::Matrix;
  if (scan.groups == 1 && !hasMatrix)
    writeChannelScan(scan, writer);
  else
    writeGroupScan(scan, writer);
}
