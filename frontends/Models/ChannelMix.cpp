//===- ChannelMix.cpp - What the versions' channel mixes share ------------===//
#include "frontends/Models/Version.h"

using namespace mlir;
using namespace rwkvc;
using rwkv::ActivationKind;

void rwkvc::checkChannelMix(TensorChecks &check, ModelInfo &info) {
  if (!info.ffnWidth)
    info.ffnWidth = check.size("ffn.key.weight", {check.kAny, info.channels}, 0);
  check.expect({"ffn.key.weight"}, {info.ffnWidth, info.channels});
  check.expect({"ffn.value.weight"}, {info.channels, info.ffnWidth});
}

Value rwkvc::gatedChannelMix(GraphBuilder &g, Value xk, Value xr) {
  Value k = g.linear(xk, "ffn.key.weight");
  Value r = g.linear(xr, "ffn.receptance.weight");
  Value v = g.linear(g.activate(ActivationKind::ReluSquared, k), "ffn.value.weight");
  return g.mul(g.activate(ActivationKind::Sigmoid, r), v);
}
