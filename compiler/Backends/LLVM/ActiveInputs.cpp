//===- ActiveInputs.cpp - The inputs of a row that are not zero -----------===//
#include "compiler/Backends/LLVM/ActiveInputs.h"

using namespace mlir;
using namespace rwkvc::llvm_backend;

static Value element(Emitter &emitter, Value list, Value index) { return emitter.at(list, emitter.mul(index, 4)); }

static Value placeInGroup(Emitter &emitter, Value group, int64_t i) {
  return emitter.add(emitter.mul(group, kActiveGroup), emitter.i64(i));
}

ActiveInputs::ActiveInputs(Emitter &emitter, int64_t inputs) : inputs(inputs) {
  int64_t padded = inputs + (1 + kGroupsAhead) * kActiveGroup;
  count = emitter.stack(sizeof(int64_t));
  values = emitter.stack(padded * 4);
  indices = emitter.stack(padded * 4);
}

// Without branches, which no one could predict: an input that is not active is overwritten by the next one.
void ActiveInputs::emitFind(Emitter &emitter, Value row, bool all) const {
  Type i32 = emitter.getI32Type(), i64 = emitter.getI64Type();
  auto put = [&](Value place, Value value, Value input) {
    LLVM::StoreOp::create(emitter, value, element(emitter, values, place), 4);
    Value index = arith::TruncIOp::create(emitter, i32, input);
    LLVM::StoreOp::create(emitter, index, element(emitter, indices, place), 4);
  };
  auto body = [&](Value input, ValueRange carried) -> SmallVector<Value> {
    Value value = emitter.loadScalar(element(emitter, row, input));
    put(carried[0], value, input);
    if (all)
      return {emitter.add(carried[0], emitter.i64(1))};
    Value active = arith::CmpFOp::create(emitter, arith::CmpFPredicate::UNE, value, emitter.f32(0));
    return {emitter.add(carried[0], arith::ExtUIOp::create(emitter, i64, active))};
  };
  ValueRange found = emitter.loop(emitter.i64(0), emitter.i64(inputs), 1, emitter.i64(0), body);
  for (int64_t i = 0; i < (1 + kGroupsAhead) * kActiveGroup; ++i)
    put(emitter.add(found[0], emitter.i64(i)), emitter.f32(0), emitter.i64(0));
  LLVM::StoreOp::create(emitter, found[0], count, 8);
}

Value ActiveInputs::emitGroups(Emitter &emitter) const {
  Value found = LLVM::LoadOp::create(emitter, emitter.getI64Type(), count, 8);
  return arith::CeilDivSIOp::create(emitter, found, emitter.i64(kActiveGroup));
}

Value ActiveInputs::emitValue(Emitter &emitter, Value group, int64_t i) const {
  return emitter.loadScalar(element(emitter, values, placeInGroup(emitter, group, i)));
}

Value ActiveInputs::emitInput(Emitter &emitter, Value group, int64_t i) const {
  Value place = element(emitter, indices, placeInGroup(emitter, group, i));
  return arith::ExtUIOp::create(emitter, emitter.getI64Type(),
                                LLVM::LoadOp::create(emitter, emitter.getI32Type(), place, 4));
}
