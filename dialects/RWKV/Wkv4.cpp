//===- Wkv4.cpp - rwkv.wkv4 -----------------------------------------------===//
#include "dialects/RWKV/RWKV.h"
#include "dialects/RWKV/ShapeChecks.h"
#include "dialects/RWKV/StepBuilder.h"

using namespace mlir;
using namespace rwkvc::rwkv;

LogicalResult Wkv4Op::verify() {
  Named k{"k", getK()};
  if (failed(verifyChannels(*this, {{"w", getW()}, {"u", getU()}}, k))) // C1
    return failure();
  return verifyChannels(*this, {{"aa", getAa()}, {"bb", getBb()}, {"pp", getPp()}}, k); // C2
}

OperandRange Wkv4Op::getSequences() { return getOperands().take_front(2); }
OperandRange Wkv4Op::getConstants() { return getOperands().slice(2, 2); }
OperandRange Wkv4Op::getInitialStates() { return getOperands().take_back(3); }

SmallVector<Value> Wkv4Op::emitStep(OpBuilder &builder, Location loc, ValueRange sequences, ValueRange constants,
                                    ValueRange states) {
  Value k = sequences[0], v = sequences[1], w = constants[0], u = constants[1];
  Value aa = states[0], bb = states[1], pp = states[2];
  StepBuilder step(builder, loc);

  // Read: the current token has the bonus u in its exponent.
  Value now = step.add(u, k);
  Value p = step.max(pp, now);
  Value past = step.exp(step.sub(pp, p)), current = step.exp(step.sub(now, p));
  Value numerator = step.fma(past, aa, step.mul(current, v));
  Value denominator = step.fma(past, bb, current);

  // Decay and write.
  Value decayed = step.add(pp, w);
  Value q = step.max(decayed, k);
  Value keep = step.exp(step.sub(decayed, q)), write = step.exp(step.sub(k, q));
  return {step.div(numerator, denominator), step.fma(keep, aa, step.mul(write, v)), step.fma(keep, bb, write), q};
}
