//===- Gemm.cpp - kernel.gemm as a pipeline -------------------------------===//
//
//   sum[c, u, m] = over inputs: sum + weight[c, input, u] * x[input, m]      (GemmSums)
//   out[c, u, m] = body(sum[c, u, m], rows[c, u, m]..., constants[c, u]...)
//
// for column c of panel u and row m. The tile of the schedule is what `sum` is computed at. Rows that no whole tile has
// are computed from the last row again, and not stored.
//
//===----------------------------------------------------------------------===//
#include "compiler/Backends/Halide/Program/GemmSums.h"

using namespace Halide;
using namespace rwkvc::halide_backend;

namespace {

class GemmPipelines {
public:
  GemmPipelines(const Gemm &gemm, PipelineWriter &writer) : gemm(gemm), writer(writer), text(writer.text) {}

  void write() {
    int64_t whole = gemm.outputs / gemm.panel, rest = gemm.outputs % gemm.panel;
    std::string end = text.min(text.unitEnd, text.i64(whole)), rows = text.sub(text.rowEnd, text.rowBegin);
    // Autoschedulers keep sums of whole pipelines, which only have a place if there is one row of one panel. They may
    // make an output twice, the second time from the first if that lies in an operand's place.
    isAutoscheduled = !writer.request.autoscheduler.empty() && gemm.mostRows == 1 && gemm.rows == 0;
    if (isAutoscheduled)
      text.loop(text.unitBegin, end, [&](const std::string &panel) {
        text.loop(text.rowBegin, text.rowEnd, [&](const std::string &row) {
          writePanels(panel, text.add(panel, text.i64(1)), gemm.panel, row, text.i64(1));
        });
      });
    else
      writePanels(text.unitBegin, end, gemm.panel, text.rowBegin, rows);
    isAutoscheduled = false;
    if (rest)
      text.when(text.isLess(text.i64(whole), text.unitEnd),
                [&] { writePanels(text.i64(whole), text.i64(whole + 1), rest, text.rowBegin, rows); });
  }

private:
  /// The first `columns` outputs of the panels from `begin` to `end`, for `rows` rows from `firstRow` on.
  void writePanels(const std::string &begin, const std::string &end, int64_t columns, const std::string &firstRow,
                   const std::string &rows) {
    Param<int> first("first"), last("last"), count("count");
    Expr panels = isAutoscheduled ? Expr(1) : last - first, rowCount = isAutoscheduled ? Expr(1) : count;
    GemmSums sums(gemm, writer.request, columns == gemm.panel ? gemm.tileColumns : gemm.panel, rowCount);
    Bindings bindings;
    bindings.numbers = {{"first", begin}, {"last", end}, {"count", rows}};
    sums.bind(text, firstRow, bindings);
    std::vector<Argument> arguments = sums.arguments();
    arguments.insert(arguments.end(), {first, last, count});

    Var c("c"), u("u"), m("m");
    std::vector<Expr> values = {sums.sum()(c, u, m)};
    if (gemm.headBytes && gemm.kind == Gemm::Integers)
      values[0] = product(values[0], sums.head(c, u));
    std::string matrix = text.mul(firstRow, gemm.outputs * 4);
    for (unsigned i = 0; i < gemm.rows + gemm.constants; ++i) {
      std::string name = "operand" + std::to_string(i);
      bool isRow = i < gemm.rows;
      ImageParam operand(Float(32), isRow ? 3 : 2, name);
      operand.dim(0).set_min(0).set_estimate(0, int(gemm.panel));
      operand.dim(1).set_min(0).set_stride(int(gemm.panel)).set_estimate(0, 1);
      if (isRow)
        operand.dim(2).set_min(0).set_stride(int(gemm.outputs));
      values.push_back(isRow ? operand(c, u, m) : operand(c, u));
      arguments.push_back(operand);
      std::string pointer = text.pointer(i + 2);
      bindings.buffers[name] = isRow ? text.at(pointer, matrix) : pointer;
    }
    Func out("out");
    out(c, u, m) = evaluate(gemm.body, values)[gemm.body.yields[0]];

    auto buffer = out.output_buffer();
    buffer.dim(0).set_bounds(0, int(columns));
    buffer.dim(1).set_bounds(first, panels).set_stride(int(gemm.panel));
    buffer.dim(2).set_bounds(0, rowCount).set_stride(int(gemm.outputs));
    std::string place = text.add(matrix, text.mul(begin, gemm.panel * 4));
    bindings.numbers[out.name() + ".min.1"] = begin;
    bindings.buffers[out.name()] = text.at(text.pointer(gemm.rows + gemm.constants + 2), place);
    first.set_estimate(0);
    last.set_estimate(1);
    count.set_estimate(1);
    out.set_estimates({{0, int(columns)}, {0, 1}, {0, 1}});
    writer.write(
        Pipeline(out), arguments, bindings, [&] { schedule(out, sums, columns); }, isAutoscheduled);
  }

  void schedule(Func out, GemmSums &sums, int64_t columns) {
    Var c = out.args()[0], u = out.args()[1], m = out.args()[2], tile("tile"), part("part"), lanes("lanes");
    Var rowTile("row_tile"), row("row");
    bool isWhole = columns % kLanes == 0;
    out.split(m, rowTile, row, int(gemm.tileRows), TailStrategy::GuardWithIf);
    if (columns == gemm.panel && gemm.tileColumns < gemm.panel)
      out.split(c, tile, c, int(gemm.tileColumns));
    else
      out.split(c, tile, c, int(columns));
    if (isWhole)
      out.split(c, part, lanes, int(kLanes)).reorder(lanes, part, row, rowTile, tile, u).vectorize(lanes).unroll(part);
    else
      out.reorder(c, row, rowTile, tile, u);
    out.unroll(row);
    sums.schedule(out, rowTile);
  }

  const Gemm &gemm;
  PipelineWriter &writer;
  FunctionText &text;
  bool isAutoscheduled = false;
};

} // namespace

void rwkvc::halide_backend::writeGemm(const Gemm &gemm, PipelineWriter &writer) { GemmPipelines(gemm, writer).write(); }
