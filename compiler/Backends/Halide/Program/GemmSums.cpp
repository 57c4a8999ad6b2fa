//===- GemmSums.cpp - The sum over inputs of a gemm's pipeline ------------===//
#include "compiler/Backends/Halide/Program/GemmSums.h"
#include "compiler/Backends/Halide/Program/Refusal.h"

using namespace Halide;
using namespace rwkvc::halide_backend;

GemmSums::GemmSums(const Gemm &gemm, const Request &request, int64_t columns, Expr count)
    : gemm(gemm), request(request), columns(columns), count(count) {
  if (gemm.kind == Gemm::Floats)
    defineFloats();
  else if (gemm.kind == Gemm::Pairs)
    definePairs();
  else
    defineIntegers();
}

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
  steps.push_back({(gemm.outputs + gemm.panel - 1) / gemm.panel, panelBytes()});
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

/// The row that `m` reads: those of the last tile may be too many.
static Expr rowOf(const Gemm &gemm, Expr m, Expr count) { return gemm.tileRows > 1 ? min(m, count - 1) : m; }

void GemmSums::defineFloats() {
  Type stored = gemm.inputStep == 2 ? UInt(32) : gemm.stepBytes == 2 ? UInt(16) : Float(32);
  weights = view("weights", stored, {{steps(), gemm.panel * gemm.stepBytes}}, 0);
  ImageParam x = rowView("x", Float(32), gemm.inputs, {}, 0);
  Expr row = rowOf(gemm, m, count);
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
  sums(c, u, m) = floatOp(kDotPairs, {sums(c, u, m), weights(c, step, u), x(step, rowOf(gemm, m, count))});
}

void GemmSums::defineIntegers() {
  int64_t stepBytes = gemm.panel * gemm.stepBytes, head = gemm.panel * gemm.headBytes;
  int64_t words = gemm.inputStep * gemm.codeBits / 32, ofRow = steps() * gemm.inputStep / gemm.groups.size;
  weights =
      view("weights", UInt(32), {{words, gemm.panel * 4}, {steps(), stepBytes}}, head + gemm.panel * gemm.levelBytes);
  Type level = gemm.levelBytes == 1 ? Int(8) : gemm.levelBytes == 2 ? UInt(16) : Float(32);
  levels = view("levels", level, {{steps(), stepBytes}}, head);
  if (gemm.headBytes)
    heads = view("heads", Float(32), {}, 0);
  ImageParam x = rowView("x", UInt(32), gemm.groups.groupBytes / 4, {{ofRow, gemm.groups.groupBytes}}, 0);
  ImageParam scales = rowView("scales", Float(32), gemm.groups.groupBytes / 4, {{ofRow, gemm.groups.groupBytes}}, 0);
  int scaleAt = int(gemm.groups.integerBytes / 4), quads = int(gemm.groups.size / 4);
  bool isWide = gemm.groups.bits == 16;
  Expr row = rowOf(gemm, m, count);

  // The sum of a group: of upper and of lower bytes by themselves.
  Var g("g");
  Expr offset = x(scaleAt + 1, g, row);
  if (isWide)
    total(c, u, m, g) = Tuple(Expr(0u), offset);
  else
    total(c, u, m, g) = offset;
  bool isPaired = gemm.codeBits == 4;
  quad = RDom(0, isPaired ? quads / 2 : quads, "quad");
  auto dot = [&](Expr sum, Expr codes, Expr input) { return call(UInt(32), kDotBytes, {sum, codes, input}); };
  auto lookUp = [&](Expr codes) {
    std::string name = kLookUp;
    for (int8_t code : gemm.codeValues) {
      char byte[3];
      snprintf(byte, sizeof(byte), "%02X", uint8_t(code + 128));
      name += byte;
    }
    // vpermb takes 6 bits of a byte, and the table repeats every 16; vpshufb wants zeros.
    return call(UInt(32), name, {request.mayUse("avx512vbmi") ? codes : codes & Expr(0x0f0f0f0fu)});
  };
  Expr codes = weights(c, quad, g, u);
  auto accumulate = [&](Expr sum, Expr first) {
    if (!isPaired)
      return dot(sum, codes, x(first + quad, g, row));
    Expr lower = dot(sum, lookUp(codes), x(first + 2 * quad, g, row));
    return dot(lower, lookUp(codes >> 4), x(first + 2 * quad + 1, g, row));
  };
  if (isWide)
    total(c, u, m, g) = Tuple(accumulate(total(c, u, m, g)[0], 0), accumulate(total(c, u, m, g)[1], quads));
  else
    total(c, u, m, g) = accumulate(total(c, u, m, g), 0);

  step = RDom(0, int(ofRow), "group");
  Expr integer = isWide ? (total(c, u, m, step)[0] << 8) + total(c, u, m, step)[1] : Expr(total(c, u, m, step));
  Expr stored = levels(c, step, u);
  Expr scale = level == Int(8) ? cast<float>(stored) : level == UInt(16) ? floatOp(kWidenHalf, {stored}) : stored;
  sums(c, u, m) = 0.0f;
  sums(c, u, m) = fused(floatOp(kIntegerToFloat, {integer}), product(scale, scales(scaleAt, step, row)), sums(c, u, m));
}

void GemmSums::schedule(Func out, Var tile) {
  auto inRegisters = [&](Stage stage) { stage.vectorize(c, int(kLanes)).unroll(c).unroll(m); };
  sums.compute_at(out, tile).bound_extent(c, int(columns)).bound_extent(m, int(gemm.tileRows));
  inRegisters(sums);
  for (int i = 0; i < sums.num_update_definitions(); ++i) {
    if (i == 0)
      sums.update(0).reorder(c, m, step, u);
    inRegisters(sums.update(i));
  }
  // A few rows have as much to compute as to wait for: the next panel comes from memory meanwhile.
  if (gemm.mostRows > 1)
    sums.update(0).prefetch(weights, step, u, 1);
  if (gemm.kind != Gemm::Integers)
    return;
  total.compute_at(sums, step).bound_extent(c, int(columns)).bound_extent(m, int(gemm.tileRows));
  inRegisters(total);
  total.update(0).reorder(c, m, quad).unroll(quad);
  inRegisters(total.update(0));
}
