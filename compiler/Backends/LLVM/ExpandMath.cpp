//===- ExpandMath.cpp - exp and tanh as arithmetic ------------------------===//
//
// Vectors and scalars take the same path, so a value does not depend on which lane it is in.
// The polynomials interpolate at Chebyshev nodes.
//
//===----------------------------------------------------------------------===//
#include "compiler/Backends/LLVM/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace rwkvc::llvm_backend {
#define GEN_PASS_DEF_EXPANDMATH
#include "compiler/Backends/LLVM/Passes.h.inc"
} // namespace rwkvc::llvm_backend

using namespace mlir;

namespace {

/// Arithmetic on values of one type: f32 or a vector of it.
class Arithmetic {
public:
  Arithmetic(ImplicitLocOpBuilder &builder, Type type) : builder(builder), type(type) {}

  Value constant(float value) {
    return arith::ConstantOp::create(builder, attribute(type, builder.getF32FloatAttr(value)));
  }
  Value fma(Value a, Value b, Value c) { return math::FmaOp::create(builder, a, b, c); }
  Value add(Value a, Value b) { return arith::AddFOp::create(builder, a, b); }
  Value sub(Value a, Value b) { return arith::SubFOp::create(builder, a, b); }
  Value mul(Value a, Value b) { return arith::MulFOp::create(builder, a, b); }
  Value div(Value a, Value b) { return arith::DivFOp::create(builder, a, b); }
  Value less(Value a, Value b) { return arith::CmpFOp::create(builder, arith::CmpFPredicate::OLT, a, b); }
  Value select(Value condition, Value a, Value b) { return arith::SelectOp::create(builder, condition, a, b); }

  /// c[0] + c[1] x + c[2] x^2 + ...
  Value polynomial(Value x, ArrayRef<float> coefficients) {
    Value result = constant(coefficients.back());
    for (float coefficient : llvm::reverse(coefficients.drop_back()))
      result = fma(result, x, constant(coefficient));
    return result;
  }

  /// 2^n for whole n in [-126, 127]; `shifted` is n + 1.5 * 2^23, whose low bits are n.
  Value powerOfTwo(Value shifted) {
    Type integers = builder.getI32Type();
    if (auto vector = dyn_cast<VectorType>(type))
      integers = vector.clone(integers);
    auto integer = [&](int32_t value) {
      return arith::ConstantOp::create(builder, attribute(integers, builder.getI32IntegerAttr(value)));
    };
    Value bits = arith::BitcastOp::create(builder, integers, shifted);
    Value exponent = arith::ShLIOp::create(builder, bits, integer(23));
    return arith::BitcastOp::create(builder, type, arith::AddIOp::create(builder, exponent, integer(0x3f800000)));
  }

private:
  TypedAttr attribute(Type type, TypedAttr value) {
    if (auto vector = dyn_cast<VectorType>(type))
      return DenseElementsAttr::get(vector, ArrayRef<Attribute>(value));
    return value;
  }

  ImplicitLocOpBuilder &builder;
  Type type;
};

/// e^x = 2^n e^r with |r| <= ln(2) / 2. Below the smallest normal number the result is 0.
struct ExpandExp : OpRewritePattern<math::ExpOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(math::ExpOp op, PatternRewriter &rewriter) const override {
    if (!getElementTypeOrSelf(op.getType()).isF32())
      return rewriter.notifyMatchFailure(op, "only f32 is computed");
    ImplicitLocOpBuilder builder(op.getLoc(), rewriter);
    Arithmetic a(builder, op.getType());
    Value x = op.getOperand(), shift = a.constant(12582912.0f); // 1.5 * 2^23: adding it rounds to whole numbers

    Value shifted = a.fma(x, a.constant(1.44269504f), shift);
    Value n = a.sub(shifted, shift);
    // ln(2) in two parts, the first of which has few enough bits for n times it to be exact.
    Value r = a.fma(n, a.constant(-1.42860677e-6f), a.fma(n, a.constant(-0.693145752f), x));
    Value p = a.polynomial(r, {0.5f, 0.16666667f, 0.041666448f, 0.008333309f, 0.0013935452f, 0.00019892992f});
    p = a.add(a.fma(p, a.mul(r, r), r), a.constant(1.0f));
    Value result = a.mul(p, a.powerOfTwo(shifted));

    // Beyond these the exponent leaves its field. A NaN compares false and stays one.
    result = a.select(a.less(x, a.constant(-87.33654f)), a.constant(0.0f), result);
    result = a.select(a.less(a.constant(88.37626f), x), a.constant(INFINITY), result);
    rewriter.replaceOp(op, result);
    return success();
  }
};

/// tanh(x) = 1 - 2 / (e^2x + 1), which cancels near 0, where an odd polynomial takes its place.
struct ExpandTanh : OpRewritePattern<math::TanhOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(math::TanhOp op, PatternRewriter &rewriter) const override {
    if (!getElementTypeOrSelf(op.getType()).isF32())
      return rewriter.notifyMatchFailure(op, "only f32 is computed");
    ImplicitLocOpBuilder builder(op.getLoc(), rewriter);
    Arithmetic a(builder, op.getType());
    Value x = op.getOperand(), square = a.mul(x, x), one = a.constant(1.0f);

    Value p = a.polynomial(square, {-0.33333328f, 0.13332663f, -0.053835142f, 0.02092415f, -0.005992961f});
    Value near = a.fma(a.mul(p, square), x, x);
    Value power = math::ExpOp::create(builder, a.add(x, x));
    Value far = a.sub(one, a.div(a.constant(2.0f), a.add(power, one)));
    rewriter.replaceOp(op, a.select(a.less(square, a.constant(0.4096f)), near, far));
    return success();
  }
};

struct ExpandMath : rwkvc::llvm_backend::impl::ExpandMathBase<ExpandMath> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    rwkvc::llvm_backend::populateExpandMathPatterns(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace

void rwkvc::llvm_backend::populateExpandMathPatterns(RewritePatternSet &patterns) {
  patterns.add<ExpandExp, ExpandTanh>(patterns.getContext());
}
