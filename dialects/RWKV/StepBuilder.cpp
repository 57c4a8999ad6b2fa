//===- StepBuilder.cpp - The arithmetic of one row ------------------------===//
#include "dialects/RWKV/StepBuilder.h"
#include "dialects/Kernel/Kernel.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace rwkvc::rwkv;
using rwkvc::kernel::Axis;
using rwkvc::kernel::BroadcastOp;
using rwkvc::kernel::Combiner;
using rwkvc::kernel::ReduceOp;

Value StepBuilder::add(Value x, Value y) { return arith::AddFOp::create(builder, loc, x, y); }
Value StepBuilder::sub(Value x, Value y) { return arith::SubFOp::create(builder, loc, x, y); }
Value StepBuilder::mul(Value x, Value y) { return arith::MulFOp::create(builder, loc, x, y); }
Value StepBuilder::div(Value x, Value y) { return arith::DivFOp::create(builder, loc, x, y); }
Value StepBuilder::max(Value x, Value y) { return arith::MaximumFOp::create(builder, loc, x, y); }
Value StepBuilder::neg(Value x) { return arith::NegFOp::create(builder, loc, x); }
Value StepBuilder::exp(Value x) { return math::ExpOp::create(builder, loc, x); }
Value StepBuilder::tanh(Value x) { return math::TanhOp::create(builder, loc, x); }
Value StepBuilder::sqrt(Value x) { return math::SqrtOp::create(builder, loc, x); }

Value StepBuilder::fma(Value x, Value y, Value z) { return math::FmaOp::create(builder, loc, x, y, z); }

Value StepBuilder::constant(double value, Value like) {
  Type type = like.getType();
  TypedAttr number = builder.getF32FloatAttr(value);
  if (auto tensor = dyn_cast<RankedTensorType>(type))
    number = DenseElementsAttr::get(tensor, Attribute(number));
  return arith::ConstantOp::create(builder, loc, number);
}

Value StepBuilder::sigmoid(Value x) {
  Value one = constant(1.0, x);
  return div(one, add(one, exp(neg(x))));
}

Value StepBuilder::sum(Value vector) {
  return ReduceOp::create(builder, loc, builder.getF32Type(), Combiner::Add, vector, Axis::All);
}

Value StepBuilder::broadcast(Value scalar, Value like) {
  return BroadcastOp::create(builder, loc, like.getType(), scalar, Axis::All);
}

Value StepBuilder::scale(Value vector, Value scalar) { return mul(vector, broadcast(scalar, vector)); }

Value StepBuilder::minus(Value vector, Value scalar) { return sub(vector, broadcast(scalar, vector)); }

Value StepBuilder::normalize(Value x, Value weight, Value bias, double eps) {
  double size = cast<RankedTensorType>(x.getType()).getDimSize(0);
  Value total = sum(x);
  Value count = constant(size, total);
  // Two passes over x: the textbook's E[x^2] - E[x]^2 loses half the digits.
  Value centred = minus(x, div(total, count));
  Value variance = div(sum(mul(centred, centred)), count);
  Value deviation = sqrt(add(variance, constant(eps, total)));
  Value unit = scale(centred, div(constant(1.0, total), deviation));
  return fma(unit, weight, bias);
}

static Type squareOf(Value vector) {
  auto type = cast<RankedTensorType>(vector.getType());
  return RankedTensorType::get({type.getDimSize(0), type.getDimSize(0)}, type.getElementType());
}

Value StepBuilder::alongColumns(Value column) {
  return BroadcastOp::create(builder, loc, squareOf(column), column, Axis::Columns);
}

Value StepBuilder::alongRows(Value row) { return BroadcastOp::create(builder, loc, squareOf(row), row, Axis::Rows); }

Value StepBuilder::outer(Value column, Value row) { return mul(alongColumns(column), alongRows(row)); }

Value StepBuilder::matVec(Value matrix, Value vector) {
  Value products = mul(matrix, alongRows(vector));
  return ReduceOp::create(builder, loc, vector.getType(), Combiner::Add, products, Axis::Columns);
}

Value StepBuilder::vecMat(Value vector, Value matrix) {
  Value products = mul(matrix, alongColumns(vector));
  return ReduceOp::create(builder, loc, vector.getType(), Combiner::Add, products, Axis::Rows);
}

SmallVector<Value> StepBuilder::attend(Value r, Value w, Value k, Value v, Value u, Value state) {
  // The bonus needs no matrix: r^T (u k) v^T is a number times v.
  Value bonus = scale(v, sum(mul(mul(r, u), k)));
  Value out = add(vecMat(r, state), bonus);
  Value next = fma(state, alongColumns(w), outer(k, v));
  return {out, next};
}
