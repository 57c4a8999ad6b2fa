//===- StepTest.cpp - Every step against its op's formula -----------------===//
//
// The formulas of the .td files in double, written over whole rows; three rows, and states
// that are not zero at the start, so that an error in order or decay shows.
//
//===----------------------------------------------------------------------===//
#include "StepInterpreter.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"
#include <cmath>
#include <functional>
#include <gtest/gtest.h>
#include <random>

using namespace mlir;
using namespace rwkvc;

namespace {

constexpr int64_t T = 3, C = 8, N = 4; // two heads
using Doubles = std::vector<double>;
using Formula = std::function<std::vector<Doubles>(std::vector<Doubles>)>;

/// Numbers in (0.1, 0.9), or in (-0.9, 0.9): no formula has a pole there, as long as the states are positive.
Tensor randomTensor(int64_t size, bool positive, std::mt19937 &random) {
  Tensor values(size);
  for (float &value : values)
    value = (0.1f + 0.8f * float(random() % 1000) / 1000) * (positive || random() % 2 ? 1 : -1);
  return values;
}

void expectFormula(const std::string &arguments, const std::string &text, const Formula &formula) {
  SCOPED_TRACE(text);
  MLIRContext context;
  context.loadDialect<func::FuncDialect, rwkv::RWKVDialect>();
  std::string source = "func.func @f(" + arguments + ") { " + text + " return }";
  auto module = parseSourceString<ModuleOp>(source, &context);
  ASSERT_TRUE(module);
  rwkv::RecurrenceOpInterface op;
  module->walk([&](rwkv::RecurrenceOpInterface found) { op = found; });
  ASSERT_TRUE(op);

  std::mt19937 random(7);
  StepRun run;
  std::vector<Doubles> exact;
  for (Value operand : op->getOperands()) {
    auto type = cast<RankedTensorType>(operand.getType());
    int64_t size = 1;
    for (int64_t dimension : type.getShape())
      size *= ShapedType::isDynamic(dimension) ? T : dimension;
    run.operands.push_back(randomTensor(size, type.getRank() != 2, random));
    exact.emplace_back(run.operands.back().begin(), run.operands.back().end());
  }
  EXPECT_EQ(runSteps(op, T, run), "");
  std::vector<Doubles> expected = formula(exact);
  ASSERT_EQ(run.results.size(), expected.size());
  for (size_t i = 0; i < expected.size(); ++i) {
    ASSERT_EQ(run.results[i].size(), expected[i].size());
    for (size_t j = 0; j < expected[i].size(); ++j)
      EXPECT_NEAR(run.results[i][j], expected[i][j], 1e-5 * (1 + std::abs(expected[i][j]))) << i << ", " << j;
  }
}

/// out[t, c] = f(t, c).
Doubles rows(const std::function<double(int64_t, int64_t)> &f) {
  Doubles out(T * C);
  for (int64_t i = 0; i < T * C; ++i)
    out[i] = f(i / C, i % C);
  return out;
}

/// The sum over the channels of c's group of `size`.
double groupSum(int64_t c, int64_t size, const std::function<double(int64_t)> &f) {
  double sum = 0;
  for (int64_t i = c / size * size; i < c / size * size + size; ++i)
    sum += f(i);
  return sum;
}

const std::string rowsType = "tensor<?x8xf32>", vectorType = "tensor<8xf32>", stateType = "tensor<2x4x4xf32>";

std::string arguments(const std::vector<std::string> &types) {
  std::string text;
  for (size_t i = 0; i < types.size(); ++i)
    text += (i ? ", %" : "%") + std::to_string(i) + ": " + types[i];
  return text;
}

} // namespace

static Formula normFormula(int64_t size, double eps) {
  return [=](std::vector<Doubles> in) -> std::vector<Doubles> {
    return {rows([&](int64_t t, int64_t c) {
      auto x = [&](int64_t i) { return in[0][t * C + i]; };
      double mean = groupSum(c, size, x) / size;
      double variance = groupSum(c, size, [&](int64_t i) { return (x(i) - mean) * (x(i) - mean); }) / size;
      return (x(c) - mean) / std::sqrt(variance + eps) * in[1][c] + in[2][c];
    })};
  };
}

TEST(Step, Norms) {
  expectFormula(arguments({rowsType, vectorType, vectorType}),
                "%y = rwkv.layer_norm %0, %1, %2 {eps = 0.01} : tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>",
                normFormula(C, 0.01));
  expectFormula(
      arguments({rowsType, vectorType, vectorType}),
      "%y = rwkv.group_norm %0, %1, %2 {eps = 0.02, groups = 2} : tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>",
      normFormula(N, 0.02));
  expectFormula(arguments({rowsType}), "%y = rwkv.l2_normalize %0 {groups = 2} : tensor<?x8xf32>",
                [](std::vector<Doubles> in) -> std::vector<Doubles> {
                  return {rows([&](int64_t t, int64_t c) {
                    double sum = groupSum(c, N, [&](int64_t i) { return in[0][t * C + i] * in[0][t * C + i]; });
                    return in[0][t * C + c] / std::max(std::sqrt(sum), 1e-12);
                  })};
                });
}

TEST(Step, TokenMix) {
  expectFormula(arguments({rowsType, vectorType}),
                "%y, %z = rwkv.token_shift %0 from %1 : tensor<?x8xf32>, tensor<8xf32>",
                [](std::vector<Doubles> in) -> std::vector<Doubles> {
                  return {rows([&](int64_t t, int64_t c) { return t ? in[0][(t - 1) * C + c] : in[1][c]; }),
                          Doubles(in[0].end() - C, in[0].end())};
                });
  for (bool every : {false, true})
    expectFormula(arguments({rowsType, rowsType, every ? rowsType : vectorType}),
                  "%y = rwkv.lerp %0, %1 by %2 : tensor<?x8xf32>, " + (every ? rowsType : vectorType),
                  [=](std::vector<Doubles> in) -> std::vector<Doubles> {
                    return {rows([&](int64_t t, int64_t c) {
                      double x = in[0][t * C + c], y = in[1][t * C + c];
                      return x + (y - x) * in[2][every ? t * C + c : c];
                    })};
                  });
}

TEST(Step, ScaleAndBonus) {
  expectFormula(arguments({rowsType, vectorType}), "%y = rwkv.scale %0 by %1 : tensor<?x8xf32>, tensor<8xf32>",
                [](std::vector<Doubles> in) -> std::vector<Doubles> {
                  return {rows([&](int64_t t, int64_t c) { return in[0][t * C + c] * in[1][c]; })};
                });
  expectFormula(arguments({rowsType, rowsType, rowsType, vectorType}),
                "%y = rwkv.bonus %0, %1, %2, %3 {groups = 2} : tensor<?x8xf32>, tensor<8xf32>",
                [](std::vector<Doubles> in) -> std::vector<Doubles> {
                  return {rows([&](int64_t t, int64_t c) {
                    auto weight = [&](int64_t i) { return in[0][t * C + i] * in[1][t * C + i] * in[3][i]; };
                    return groupSum(c, N, weight) * in[2][t * C + c];
                  })};
                });
}

TEST(Step, Activations) {
  auto sigmoid = [](double x) { return 1 / (1 + std::exp(-x)); };
  std::pair<const char *, std::function<double(double)>> kinds[] = {
      {"exp", [](double x) { return std::exp(x); }},
      {"neg_exp", [](double x) { return -std::exp(x); }},
      {"exp_neg_exp", [](double x) { return std::exp(-std::exp(x)); }},
      {"exp_neg_sigmoid", [=](double x) { return std::exp(-0.606531 * sigmoid(x)); }},
      {"sigmoid", sigmoid},
      {"silu", [=](double x) { return x * sigmoid(x); }},
      {"tanh", [](double x) { return std::tanh(x); }},
      {"relu_squared", [](double x) { return x > 0 ? x * x : 0; }},
  };
  for (const auto &[kind, f] : kinds)
    expectFormula(arguments({rowsType}), "%y = rwkv.activate " + std::string(kind) + " %0 : tensor<?x8xf32>",
                  [f = f](std::vector<Doubles> in) -> std::vector<Doubles> {
                    return {rows([&](int64_t t, int64_t c) { return f(in[0][t * C + c]); })};
                  });
}

TEST(Step, Wkv4) {
  // The definition without the running maximum: numbers this small do not overflow.
  expectFormula(arguments({rowsType, rowsType, vectorType, vectorType, vectorType, vectorType, vectorType}),
                "%y:4 = rwkv.wkv4 %0, %1 decay %2 bonus %3 states %4, %5, %6"
                " : tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>",
                [](std::vector<Doubles> in) -> std::vector<Doubles> {
                  Doubles out(T * C), aa = in[4], bb = in[5], pp = in[6];
                  for (int64_t i = 0; i < T * C; ++i) {
                    double k = in[0][i], v = in[1][i], w = in[2][i % C], u = in[3][i % C];
                    double a = aa[i % C] * std::exp(pp[i % C]), b = bb[i % C] * std::exp(pp[i % C]);
                    out[i] = (a + std::exp(u + k) * v) / (b + std::exp(u + k));
                    double q = std::max(pp[i % C] + w, k);
                    aa[i % C] = (std::exp(w) * a + std::exp(k) * v) / std::exp(q);
                    bb[i % C] = (std::exp(w) * b + std::exp(k)) / std::exp(q);
                    pp[i % C] = q;
                  }
                  return {out, aa, bb, pp};
                });
}

/// RWKV-5 and 6, with the decay of row t and channel c.
static std::vector<Doubles> linearAttention(const Doubles &r, const Doubles &k, const Doubles &v, const Doubles &u,
                                            Doubles S, const std::function<double(int64_t, int64_t)> &w) {
  Doubles out(T * C);
  for (int64_t t = 0; t < T; ++t)
    for (int64_t c = 0; c < C; ++c)
      for (int64_t j = 0; j < N; ++j) {
        int64_t from = t * C + c, to = t * C + c / N * N + j; // key c, value j of one head
        double &s = S[c * N + j];
        out[to] += r[from] * (s + u[c] * k[from] * v[to]);
        s = w(t, c) * s + k[from] * v[to];
      }
  return {out, S};
}

TEST(Step, Wkv5) {
  expectFormula(arguments({rowsType, rowsType, rowsType, vectorType, vectorType, stateType}),
                "%y:2 = rwkv.wkv5 %0, %1, %2 decay %3 bonus %4 state %5"
                " : tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<2x4x4xf32>",
                [](std::vector<Doubles> in) {
                  return linearAttention(in[0], in[1], in[2], in[4], in[5],
                                         [&](int64_t, int64_t c) { return in[3][c]; });
                });
}

TEST(Step, Wkv6) {
  expectFormula(arguments({rowsType, rowsType, rowsType, rowsType, vectorType, stateType}),
                "%y:2 = rwkv.wkv6 %0, %1, %2, %3 bonus %4 state %5"
                " : tensor<?x8xf32>, tensor<8xf32>, tensor<2x4x4xf32>",
                [](std::vector<Doubles> in) {
                  return linearAttention(in[0], in[2], in[3], in[4], in[5],
                                         [&](int64_t t, int64_t c) { return in[1][t * C + c]; });
                });
}

TEST(Step, Wkv7) {
  expectFormula(arguments({rowsType, rowsType, rowsType, rowsType, rowsType, rowsType, stateType}),
                "%y:2 = rwkv.wkv7 %0, %1, %2, %3, %4, %5 state %6 : tensor<?x8xf32>, tensor<2x4x4xf32>",
                [](std::vector<Doubles> in) -> std::vector<Doubles> {
                  Doubles out(T * C), S = in[6];
                  for (int64_t t = 0; t < T; ++t)
                    for (int64_t c = 0; c < C; ++c) { // value c of its head
                      auto at = [&](size_t operand, int64_t j) { return in[operand][t * C + c / N * N + j]; };
                      double erased = 0;
                      for (int64_t j = 0; j < N; ++j)
                        erased += S[c * N + j] * at(4, j);
                      for (int64_t j = 0; j < N; ++j) {
                        double &s = S[c * N + j];
                        s = s * at(1, j) + erased * at(5, j) + in[3][t * C + c] * at(2, j);
                        out[t * C + c] += s * at(0, j);
                      }
                    }
                  return {out, S};
                });
}
