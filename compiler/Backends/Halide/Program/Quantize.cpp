//===- Quantize.cpp - kernel.quantize as pipelines ------------------------===//
//
// To bf16 it is one pipeline. To integers, a pipeline makes one group: its scale from its largest magnitude, its bytes,
// and the offset from their sum; groups and rows are loops around it.
//
//===----------------------------------------------------------------------===//
#include "compiler/Backends/Halide/Program/Evaluate.h"
#include "compiler/Backends/Halide/Program/Pipelines.h"

using namespace Halide;
using namespace rwkvc::halide_backend;

static void writePairs(const Quantize &quantize, PipelineWriter &writer, const std::string &begin,
                       const std::string &chunks, int64_t tail) {
  FunctionText &text = writer.text;
  ImageParam x(Float(32), 2, "x");
  x.dim(0).set_min(0);
  x.dim(1).set_min(0).set_stride(int(quantize.channels));
  Param<int> from("from"), count("count"), rows("rows");
  Var c("c"), m("m");
  Func out("out");
  out(c, m) = call(UInt(16), kRoundToBFloat, {x(c, m)});
  out.output_buffer().dim(0).set_bounds(from, tail ? Expr(int(tail)) : count * int(kLanes));
  out.output_buffer().dim(1).set_bounds(0, rows).set_stride(int(quantize.outBytes / 2));
  std::string in = text.mul(text.rowBegin, quantize.channels * 4), to = text.mul(text.rowBegin, quantize.outBytes);
  Bindings bindings;
  bindings.numbers = {{"from", begin},
                      {"count", chunks},
                      {"rows", text.sub(text.rowEnd, text.rowBegin)},
                      {out.name() + ".min.0", begin}};
  bindings.buffers = {{"x", text.at(text.pointer(0), in)},
                      {out.name(), text.at(text.at(text.pointer(1), to), begin, "i16")}};
  writer.write(Pipeline(out), {x, from, count, rows}, bindings, [&] {
    if (!tail)
      out.vectorize(c, int(kLanes));
  });
}

static Expr word(uint32_t value) { return Internal::make_const(UInt(32), value); }

namespace {

/// The integers of one group, of which `valid` inputs are there and the others zero.
class GroupPipeline {
public:
  GroupPipeline(const Groups &groups, int64_t valid) : groups(groups), valid(int(valid)) {}

  void write(PipelineWriter &writer, const std::string &from, const std::string &to) {
    int size = int(groups.size);
    x.dim(0).set_bounds(0, valid);
    // Bits of magnitudes are in the order of the floats that they are.
    Expr bits = reinterpret<uint32_t>(x(r)) & word(0x7fffffff);
    largest() = word(0);
    largest() = max(largest(), bits);
    scale() = floatOp("arith.divf", {reinterpret<float>(largest()), Expr(float(groups.largest))});
    inverse() = select(scale() == 0.0f, 0.0f, floatOp("arith.divf", {Expr(1.0f), scale()}));
    integer(i) = call(UInt(32), kRoundToInteger, {product(x(i), inverse())});
    sum() = word(0);
    sum() = sum() + integer(r);
    offset() = sum() * word(uint32_t(-128));
    auto padded = [&](Expr at) {
      return valid < size ? select(at < valid, integer(min(at, valid - 1)), word(0)) : integer(at);
    };
    bool hasHalves = groups.bits == 16 || groups.areWords;
    if (groups.areWords) {
      first(i) = cast<uint16_t>(padded(2 * i));
      second(i) = cast<uint16_t>(padded(2 * i + 1));
    } else {
      // What the upper byte has been rounded to leaves the lower one as it is.
      first(i) = cast<uint8_t>(hasHalves ? (padded(i) + word(128)) >> 8 : padded(i));
      second(i) = cast<uint8_t>(padded(i));
    }
    std::vector<Func> outputs = {first, scale, offset};
    if (hasHalves)
      outputs.insert(outputs.begin() + 1, second);
    int inHalf = groups.areWords ? size / 2 : size;

    FunctionText &text = writer.text;
    Bindings bindings;
    bindings.buffers = {{"x", from},
                        {first.name(), to},
                        {second.name(), text.at(to, size)},
                        {scale.name(), text.at(to, groups.integerBytes)},
                        {offset.name(), text.at(to, groups.integerBytes + 4)}};
    for (Func half : {first, second})
      half.output_buffer().dim(0).set_bounds(0, inHalf);
    writer.write(Pipeline(outputs), {x}, bindings, [&] { schedule(inHalf, hasHalves); });
  }

private:
  void schedule(int inHalf, bool hasHalves) {
    bool isWhole = valid == groups.size;
    largest.compute_root();
    inverse.compute_root();
    integer.compute_root();
    sum.compute_root();
    if (!isWhole)
      return;
    largest.update().atomic().vectorize(r, valid);
    sum.update().atomic().vectorize(r, valid);
    integer.vectorize(i, valid);
    first.vectorize(i, inHalf);
    if (hasHalves)
      second.vectorize(i, inHalf);
  }

  const Groups &groups;
  int valid;
  ImageParam x{Float(32), 1, "x"};
  RDom r{0, valid, "lanes"};
  Var i{"i"};
  Func largest{"largest"}, scale{"scale"}, inverse{"inverse"}, integer{"integer"}, sum{"sum"}, offset{"offset"};
  Func first{"first"}, second{"second"}; // upper and lower bytes; or words of even and of odd position
};

} // namespace

static void writeGroups(const Quantize &quantize, PipelineWriter &writer) {
  FunctionText &text = writer.text;
  const Groups &groups = quantize.groups;
  int64_t ofUnit = quantize.block / groups.size, whole = quantize.channels / groups.size;
  int64_t rest = quantize.channels % groups.size;
  std::string begin = text.mul(text.unitBegin, ofUnit), end = text.mul(text.unitEnd, ofUnit);
  text.loop(text.rowBegin, text.rowEnd, [&](const std::string &row) {
    std::string in = text.at(text.pointer(0), text.mul(row, quantize.channels * 4));
    std::string out = text.at(text.pointer(1), text.mul(row, quantize.outBytes));
    auto write = [&](const std::string &group, int64_t valid) {
      GroupPipeline(groups, valid)
          .write(writer, text.at(in, text.mul(group, groups.size * 4)),
                 text.at(out, text.mul(group, groups.groupBytes)));
    };
    text.loop(begin, text.min(end, text.i64(whole)), [&](const std::string &group) { write(group, groups.size); });
    if (rest)
      text.when(text.isLess(text.i64(whole), end), [&] { write(text.i64(whole), rest); });
  });
}

void rwkvc::halide_backend::writeQuantize(const Quantize &quantize, PipelineWriter &writer) {
  if (!quantize.toPairs)
    return writeGroups(quantize, writer);
  writeChannelRange(writer.text, quantize.channels, quantize.block,
                    [&](const std::string &first, const std::string &vectors, int64_t tail) {
                      writePairs(quantize, writer, first, vectors, tail);
                    });
}
