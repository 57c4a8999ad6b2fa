//===- Rwkv4.cpp - RWKV-4 (arXiv 2305.13048) ------------------------------===//
#include "frontends/Models/Version.h"

using namespace mlir;
using namespace rwkvc;
using rwkv::ActivationKind;

static bool matches(const TensorTable &tensors) {
  return tensors.count("blocks.0.att.time_mix_k") && !tensors.count("blocks.0.att.ln_x.weight");
}

static void checkLayer(TensorChecks &check, Model &model, int64_t layer) {
  ModelInfo &info = model.info;
  int64_t C = info.channels;
  if (layer == 0) {
    info.architecture = "rwkv4";
    info.headSize = C;
  }
  check.expect({"att.time_mix_k", "att.time_mix_v", "att.time_mix_r", "att.time_decay", "att.time_first"}, {C});
  check.expect({"att.key.weight", "att.value.weight", "att.receptance.weight", "att.output.weight"}, {C, C});
  check.expect({"ffn.time_mix_k", "ffn.time_mix_r"}, {C});
  checkChannelMix(check, info);
  check.expect({"ffn.receptance.weight"}, {C, C});
}

static Value timeMix(GraphBuilder &g, Value x) {
  int64_t C = g.model.info.channels;
  Value before = g.tokenShift(x, "att.shift");
  Value k = g.linear(g.lerp(before, x, "att.time_mix_k"), "att.key.weight");
  Value v = g.linear(g.lerp(before, x, "att.time_mix_v"), "att.value.weight");
  Value r = g.linear(g.lerp(before, x, "att.time_mix_r"), "att.receptance.weight");

  Value w = g.weight("att.time_decay"), u = g.weight("att.time_first");
  if (!g.model.decayIsFolded)
    w = g.activate(ActivationKind::NegExp, w);

  // With pp = 0 the first tokens would be averaged with a value of 0 that nobody wrote.
  Value aa = g.state("aa", {C}), bb = g.state("bb", {C}), pp = g.state("pp", {C}, -1e30f);
  auto wkv = g.create<rwkv::Wkv4Op>(k, v, w, u, aa, bb, pp);
  g.keep(aa, wkv.getNextAa());
  g.keep(bb, wkv.getNextBb());
  g.keep(pp, wkv.getNextPp());

  Value y = g.mul(g.activate(ActivationKind::Sigmoid, r), wkv.getOutput());
  return g.linear(y, "att.output.weight", "att.output.bias");
}

static Value channelMix(GraphBuilder &g, Value x) {
  Value before = g.tokenShift(x, "ffn.shift");
  return gatedChannelMix(g, g.lerp(before, x, "ffn.time_mix_k"), g.lerp(before, x, "ffn.time_mix_r"));
}

const Version rwkvc::rwkv4 = {matches, checkLayer, timeMix, channelMix};
