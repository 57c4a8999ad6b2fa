//===- Wkv7.cpp - rwkv.wkv7 -----------------------------------------------===//
#include "dialects/RWKV/RWKV.h"
#include "dialects/RWKV/ShapeChecks.h"
#include "dialects/RWKV/StepBuilder.h"

using namespace mlir;
using namespace rwkvc::rwkv;

LogicalResult Wkv7Op::verify() {
  return verifyHeads(*this, {"state", getState()}, {"r", getR()}); // C2; the traits hold C1
}

OperandRange Wkv7Op::getSequences() { return getOperands().take_front(6); }
OperandRange Wkv7Op::getInitialStates() { return getOperands().take_back(1); }
int64_t Wkv7Op::getGroups() { return getState().getType().getDimSize(0); }

SmallVector<Value> Wkv7Op::emitStep(OpBuilder &builder, Location loc, ValueRange sequences, ValueRange,
                                    ValueRange states) {
  Value r = sequences[0], w = sequences[1], k = sequences[2], v = sequences[3], a = sequences[4], b = sequences[5];
  Value state = states[0]; // [V, K]
  StepBuilder step(builder, loc);

  // Each row of the state needs only itself, so this is one pass over the rows.
  Value erased = step.alongColumns(step.matVec(state, a));
  Value changed = step.fma(erased, step.alongRows(b), step.outer(v, k));
  Value next = step.fma(state, step.alongRows(w), changed);
  return {step.matVec(next, r), next};
}
