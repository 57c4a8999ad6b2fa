//===- BodyCloning.cpp - Copies kernel bodies into a new one --------------===//
#include "compiler/Passes/BodyCloning.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::passes;

Type passes::groupType(Type type, int64_t size) {
  auto tensor = cast<RankedTensorType>(type);
  SmallVector<int64_t, 2> shape(tensor.getRank() == 3 ? 2 : 1, size);
  return RankedTensorType::get(shape, Float32Type::get(type.getContext()));
}

Type passes::regrouped(Type type, int64_t size) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor ? tensor.clone(SmallVector<int64_t, 2>(tensor.getRank(), size)) : type;
}

Type passes::scalar(Type type) { return getElementTypeOrSelf(type); }

bool passes::isRetypable(Operation &op) {
  if (auto constant = dyn_cast<arith::ConstantOp>(op))
    return isa<FloatAttr, SplatElementsAttr>(constant.getValue());
  if (auto broadcast = dyn_cast<kernel::BroadcastOp>(op))
    return broadcast.getAxis() == kernel::Axis::All;
  return op.hasTrait<OpTrait::Elementwise>();
}

BodyCloner::BodyCloner(OpBuilder &builder, Region &body, Retype retype)
    : builder(builder), loc(body.getLoc()), retype(std::move(retype)) {
  block = builder.createBlock(&body);
}

void BodyCloner::addArgument(Value outer, Type type) {
  Value argument = block->addArgument(type, loc);
  if (outer)
    inside.map(outer, argument);
  else
    sum = argument;
}

void BodyCloner::clone(kernel::ScanOp scan) {
  SmallVector<Value> arguments;
  for (Value operand : scan.getOperands())
    arguments.push_back(inside.lookup(operand));
  cloneBody(scan, arguments);
}

void BodyCloner::clone(kernel::GemmOp gemm) {
  SmallVector<Value> arguments = {sum};
  for (Value operand : llvm::concat<Value>(gemm.getRows(), gemm.getConstants()))
    arguments.push_back(inside.lookup(operand));
  cloneBody(gemm, arguments);
}

void BodyCloner::cloneBody(Operation *kernel, ValueRange arguments) {
  Block &body = kernel->getRegion(0).front();
  inside.map(body.getArguments(), arguments);
  for (Operation &op : body.without_terminator())
    cloneOp(op);
  for (auto [result, yielded] : llvm::zip_equal(kernel->getResults(), body.getTerminator()->getOperands()))
    inside.map(result, inside.lookup(yielded));
}

void BodyCloner::cloneOp(Operation &op) {
  Type type = retype(op.getResult(0).getType());
  // Of one channel there is nothing to repeat.
  if (auto broadcast = dyn_cast<kernel::BroadcastOp>(op); broadcast && type.isF32())
    return inside.map(broadcast.getResult(), inside.lookup(broadcast.getValue()));

  Operation *copy = builder.clone(op, inside);
  copy->getResult(0).setType(type);
  auto constant = dyn_cast<arith::ConstantOp>(copy);
  if (!constant)
    return;
  if (auto splat = dyn_cast<SplatElementsAttr>(constant.getValue()); splat && splat.getType() != type) {
    auto value = splat.getSplatValue<FloatAttr>();
    constant.setValueAttr(type.isF32() ? TypedAttr(value)
                                       : TypedAttr(DenseElementsAttr::get(cast<ShapedType>(type), value.getValue())));
  }
}

void BodyCloner::yield(ValueRange outer) {
  SmallVector<Value> values;
  for (Value value : outer)
    values.push_back(inside.lookup(value));
  kernel::YieldOp::create(builder, loc, values);
}
