//===- TokenShift.cpp - rwkv.token_shift ----------------------------------===//
#include "dialects/RWKV/RWKV.h"
#include "dialects/RWKV/ShapeChecks.h"

using namespace mlir;
using namespace rwkvc::rwkv;

LogicalResult TokenShiftOp::verify() {
  return verifyChannels(*this, {{"previous", getPrevious()}}, {"x", getX()}); // C1
}

OperandRange TokenShiftOp::getSequences() { return getOperands().take_front(1); }
OperandRange TokenShiftOp::getInitialStates() { return getOperands().take_back(1); }

SmallVector<Value> TokenShiftOp::emitStep(OpBuilder &, Location, ValueRange sequences, ValueRange, ValueRange states) {
  return {states[0], sequences[0]};
}
