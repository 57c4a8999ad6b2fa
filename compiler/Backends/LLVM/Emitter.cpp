//===- Emitter.cpp - Loops, addresses and vectors -------------------------===//
#include "compiler/Backends/LLVM/Emitter.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace rwkvc::llvm_backend;

Value Emitter::i64(int64_t value) { return arith::ConstantOp::create(*this, getI64IntegerAttr(value)); }
Value Emitter::f32(float value) { return arith::ConstantOp::create(*this, getF32FloatAttr(value)); }

Value Emitter::splat(Value scalar, int64_t lanes) {
  return vector::BroadcastOp::create(*this, vectorType(lanes), scalar);
}

Value Emitter::zeros(int64_t lanes) { return arith::ConstantOp::create(*this, getZeroAttr(vectorType(lanes))); }

Value Emitter::add(Value a, Value b) { return arith::AddIOp::create(*this, a, b); }
Value Emitter::sub(Value a, Value b) { return arith::SubIOp::create(*this, a, b); }
Value Emitter::mul(Value a, int64_t b) { return arith::MulIOp::create(*this, a, i64(b)); }
Value Emitter::min(Value a, Value b) { return arith::MinSIOp::create(*this, a, b); }

Value Emitter::at(Value pointer, Value bytes) {
  return LLVM::GEPOp::create(*this, pointer.getType(), getI8Type(), pointer, ValueRange{bytes});
}

Value Emitter::at(Value pointer, int64_t bytes) { return bytes ? at(pointer, i64(bytes)) : pointer; }

Value Emitter::stack(int64_t bytes) {
  OpBuilder::InsertionGuard guard(*this);
  Operation *parent = getInsertionBlock()->getParentOp();
  while (!isa<LLVM::LLVMFuncOp>(parent))
    parent = parent->getParentOp();
  setInsertionPointToStart(&parent->getRegion(0).front());
  auto pointer = LLVM::LLVMPointerType::get(getContext());
  return LLVM::AllocaOp::create(*this, pointer, getI8Type(), i64(bytes), /*alignment=*/64);
}

void Emitter::prefetch(Value pointer, int64_t bytes) {
  constexpr int64_t cacheLine = 64;
  for (int64_t line = 0; line < bytes; line += cacheLine)
    LLVM::Prefetch::create(*this, at(pointer, line), /*rw=*/0, /*hint=*/2, /*cache=*/1);
}

Value Emitter::loadScalar(Value pointer) { return LLVM::LoadOp::create(*this, getF32Type(), pointer, 4); }

Value Emitter::mask(Lanes lanes) {
  SmallVector<bool> bits(lanes.width, false);
  std::fill_n(bits.begin(), lanes.valid, true);
  auto type = VectorType::get(lanes.width, getI1Type());
  return arith::ConstantOp::create(*this, DenseElementsAttr::get(type, bits));
}

Value Emitter::load(Value pointer, Lanes lanes) {
  if (lanes.whole())
    return LLVM::LoadOp::create(*this, vectorType(lanes.width), pointer, 4);
  return LLVM::MaskedLoadOp::create(*this, vectorType(lanes.width), pointer, mask(lanes), zeros(lanes.width), 4);
}

void Emitter::store(Value vector, Value pointer, Lanes lanes) {
  if (lanes.whole())
    LLVM::StoreOp::create(*this, vector, pointer, 4);
  else
    LLVM::MaskedStoreOp::create(*this, vector, pointer, mask(lanes), 4);
}

ValueRange Emitter::loop(Value from, Value to, int64_t step, ValueRange carried,
                         function_ref<SmallVector<Value>(Value, ValueRange)> body) {
  auto loop = scf::ForOp::create(*this, from, to, i64(step), carried);
  OpBuilder::InsertionGuard guard(*this);
  setInsertionPointToStart(loop.getBody());
  SmallVector<Value> next = body(loop.getInductionVar(), loop.getRegionIterArgs());
  // A loop that carries nothing has its terminator already.
  if (!carried.empty()) {
    setInsertionPointToEnd(loop.getBody());
    scf::YieldOp::create(*this, next);
  }
  return loop.getResults();
}

void Emitter::when(Value condition, function_ref<void()> body) {
  auto branch = scf::IfOp::create(*this, condition, /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(*this);
  setInsertionPointToStart(branch.thenBlock());
  body();
}

Value Emitter::lift(Operation *op, const IRMapping &values, int64_t lanes) {
  Type type = lanes ? Type(vectorType(lanes)) : Type(getF32Type());
  if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
    auto dense = dyn_cast<DenseElementsAttr>(constant.getValue());
    auto value = dense ? dense.getSplatValue<FloatAttr>() : cast<FloatAttr>(constant.getValue());
    if (!lanes)
      return arith::ConstantOp::create(*this, value);
    return arith::ConstantOp::create(*this, DenseElementsAttr::get(cast<ShapedType>(type), Attribute(value)));
  }
  OperationState state(getLoc(), op->getName());
  for (Value operand : op->getOperands())
    state.operands.push_back(values.lookup(operand));
  state.addTypes(type);
  state.addAttributes(op->getAttrs());
  return create(state)->getResult(0);
}
