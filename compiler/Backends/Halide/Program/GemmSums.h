//===- GemmSums.h - The sum over inputs of a gemm's pipeline -----*- C++ -*-===//
//
// In the order of the LLVM backend, and with its instructions, so that both compute the same bits.
//
//===----------------------------------------------------------------------===//
#ifndef COMPILER_BACKENDS_HALIDE_PROGRAM_GEMMSUMS_H
#define COMPILER_BACKENDS_HALIDE_PROGRAM_GEMMSUMS_H

#include "compiler/Backends/Halide/Program/Elementwise.h"
#include "compiler/Backends/Halide/Program/Evaluate.h"
#include "compiler/Backends/Halide/Program/Pipelines.h"

namespace rwkvc::halide_backend {

class GemmSums {
public:
  /// `columns` of a panel are summed at once; `count` is the number of rows.
  GemmSums(const Gemm &gemm, const Request &request, int64_t columns, Halide::Expr count);

  /// A dimension of a view: how many there are, or 0 if that is not known, and the bytes from one to the next.
  struct Steps {
    int64_t count, bytes;
  };

  /// [c, u, m]
  Halide::Func sum() const { return sums; }

  /// The scale of an output, for quantised weights that have one.
  Halide::Expr head(Halide::Var c, Halide::Var u) const { return heads(c, u); }

  std::vector<Halide::Argument> arguments() const;
  void bind(FunctionText &text, const std::string &firstRow, Bindings &bindings) const;

  /// Tiles at the loop `tile` over rows of `out`.
  void schedule(Halide::Func out, Halide::Var tile);

private:
  void defineFloats();
  void definePairs();
  void defineIntegers();
  void defineCodes(); // multiplied with rows of f32

  /// Of weights that are codes in groups: their views, a level as f32, and four inputs' codes.
  void viewCodes();
  Halide::Expr levelOf(Halide::Expr group);
  Halide::Expr bytes(Halide::Expr quad, Halide::Expr group);

  /// The row that `m` reads: those of the last tile may be too many.
  Halide::Expr inputRow() const { return gemm.tileRows > 1 ? min(m, count - 1) : Halide::Expr(m); }

  /// Views of the weight's panels, [c, steps..., u], and of rows, [k, steps..., m]. `width` elements lie side by side.
  Halide::ImageParam view(const std::string &name, Halide::Type type, std::vector<Steps> steps, int64_t offset);
  Halide::ImageParam rowView(const std::string &name, Halide::Type type, int64_t width, std::vector<Steps> steps,
                             int64_t offset);

  int64_t panelBytes() const;
  int64_t steps() const { return (gemm.inputs + gemm.inputStep - 1) / gemm.inputStep; }

  const Gemm &gemm;
  const Request &request;
  int64_t columns;
  Halide::Expr count;
  Halide::Var c{"c"}, u{"u"}, m{"m"};
  Halide::Func sums{"sum"}, total{"total"};
  Halide::RDom step, quad, tail;
  Halide::ImageParam weights, heads, levels;
  struct View {
    Halide::ImageParam image;
    unsigned pointer;
    int64_t offset;
  };
  std::vector<View> views;
};

} // namespace rwkvc::halide_backend

#endif // COMPILER_BACKENDS_HALIDE_PROGRAM_GEMMSUMS_H
