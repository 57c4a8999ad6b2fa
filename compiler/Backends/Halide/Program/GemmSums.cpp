//===- GemmSums.cpp - The sum over inputs of a gemm's pipeline ------------===//
#include "compiler/Backends/Halide/Program/GemmSums.h"
#include "compiler/Backends/Halide/Program/Refusal.h"

using namespace Halide;
using namespace rwkvc::halide_backend;

GemmSums::GemmSums(const Gemm &gemm, const Request &request, int64_t columns, Expr count)
    : gemm(gemm), request(request), columns(columns), count(count) {
  if (gemm.kind == Gemm::Pairs)
    definePairs();
  else if (gemm.kind == Gemm::Integers)
    defineIntegers();
  else if (gemm.codeBits)
    defineCodes();
  else
    defineFloats();
}

static int64_t divideUp(int64_t a, int64_t b) { return (a + b - 1) / b; }

int64_t GemmSums::panelBytes() const { return gemm.panel * (gemm.headBytes + steps() * gemm.stepBytes); }

static ImageParam makeView(const std::string &name, Type type, int64_t width,
                           const std::vector<GemmSums::Steps> &steps) {
  ImageParam image(type, int(steps.size()) + 1, name);
  image.dim(0).set_bounds(0, int(width)).set_estimate(0, int(width));
  for (size_t i = 0; i < steps.size(); ++i) {
    image.dim(int(i) + 1).set_min(0).set_stride(int(steps[i].bytes / type.bytes()));
    if (steps[i].count)
      image.dim(int(i) + 1).set_extent(int(steps[i].count));
    image.dim(int(i) + 1).set_estimate(0, int(steps[i].count ? steps[i].count : 1));
  }
  return image;
}

ImageParam GemmSums::view(const std::string &name, Type type, std::vector<Steps> steps, int64_t offset) {
  steps.push_back({divideUp(gemm.outputs, gemm.panel), panelBytes()});
  return views.emplace_back(View{makeView(name, type, gemm.panel, steps), 1, offset}).image;
}

ImageParam GemmSums::rowView(const std::string &name, Type type, int64_t width, std::vector<Steps> steps,
                             int64_t offset) {
  steps.push_back({0, gemm.rowBytes});
  return views.emplace_back(View{makeView(name, type, width, steps), 0, offset}).image;
}

std::vector<Argument> GemmSums::arguments() const {
  std::vector<Argument> list;
  for (const View &view : views)
    list.push_back(view.image);
  return list;
}

void GemmSums::bind(FunctionText &text, const std::string &row, Bindings &bindings) const {
  std::string firstRow = text.mul(row, gemm.rowBytes);
  for (const View &view : views) {
    std::string pointer = text.pointer(view.pointer);
    if (view.pointer == 0)
      pointer = text.at(pointer, firstRow);
    bindings.buffers[view.image.name()] = text.at(pointer, view.offset);
  }
}

void GemmSums::defineFloats() {
  Type stored = gemm.inputStep == 2 ? UInt(32) : gemm.stepBytes == 2 ? UInt(16) : Float(32);
  weights = view("weights", stored, {{steps(), gemm.panel * gemm.stepBytes}}, 0);
  ImageParam x = rowView("x", Float(32), gemm.inputs, {}, 0);
  Expr row = inputRow();
  sums(c, u, m) = 0.0f;
  auto add = [&](Expr step, bool whole) {
    Expr weight = weights(c, step, u), sum = sums(c, u, m);
    if (stored == Float(32)) {
      sums(c, u, m) = fused(x(step, row), weight, sum);
    } else if (stored == UInt(16)) {
      sums(c, u, m) = fused(x(step, row), floatOp(kWidenHalf, {weight}), sum);
    } else {
      Expr even = reinterpret<float>(weight << 16), odd = reinterpret<float>(weight & Expr(0xffff0000u));
      Expr first = fused(x(2 * step, row), even, sum);
      sums(c, u, m) = whole ? fused(x(2 * step + 1, row), odd, first) : first;
    }
  };
  int whole = int(gemm.inputs / gemm.inputStep);
  step = RDom(0, whole, "step");
  add(step, true);
  if (gemm.inputs % gemm.inputStep)
    add(whole, false);
}

void GemmSums::definePairs() {
  weights = view("weights", UInt(32), {{steps(), gemm.panel * gemm.stepBytes}}, 0);
  ImageParam x = rowView("x", UInt(32), steps(), {}, 0);
  step = RDom(0, int(steps()), "step");
  sums(c, u, m) = 0.0f;
  sums(c, u, m) = floatOp(kDotPairs, {sums(c, u, m), weights(c, step, u), x(step, inputRow())});
}

void GemmSums::schedule(Func out, Var tile) {
  auto inRegisters = [&](Stage stage) { stage.vectorize(c, int(kLanes)).unroll(c).unroll(m); };
  sums.compute_at(out, tile).bound_extent(c, int(columns)).bound_extent(m, int(gemm.tileRows));
  inRegisters(sums);
  if (step.dimensions() == 2)
    sums.update(0).reorder(c, m, step.x, step.y, u).unroll(step.x);
  else
    sums.update(0).reorder(c, m, step, u);
  if (tail.defined())
    sums.update(1).reorder(c, m, tail, u).unroll(tail);
  for (int i = 0; i < sums.num_update_definitions(); ++i)
    inRegisters(sums.update(i));
  // As far ahead as the schedule says, but not from one panel to the next, where a loop ends. By themselves, a few rows
  // have as much to compute as to wait for: the next panel comes from memory meanwhile.
  RVar stored = step.dimensions() == 2 ? step.y : step.x; // a step of the weight
  if (gemm.prefetch)
    sums.update(0).prefetch(weights, stored, stored, int(divideUp(gemm.prefetch, gemm.panel * gemm.stepBytes)));
  else if (gemm.mostRows > 1)
    sums.update(0).prefetch(weights, step, u, 1);
  if (gemm.kind != Gemm::Integers)
    return;
  total.compute_at(sums, step).bound_extent(c, int(columns)).bound_extent(m, int(gemm.tileRows));
  inRegisters(total);
  // Two quads share a lane of 4-bit codes. Words take so many instructions that in code for a whole group Zen 3 may
  // leave one load without prefetching (docs/Halide.md): of the 20 GB/s that a thread reads, 15 are left.
  total.update(0).reorder(c, m, quad).unroll(quad, gemm.groups.areWords ? 2 : int(gemm.groups.size / 4));
  inRegisters(total.update(0));
}
