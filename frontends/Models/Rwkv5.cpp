//===- Rwkv5.cpp - RWKV-5.0, 5.1 and 5.2 (Eagle, arXiv 2404.05892) --------===//
//
// 5.1 added the gate, 5.2 a decay and a bonus for each channel instead of each head. Which of both names
// the bonus has says how it is stored: time_first is its logarithm, time_faaaa the bonus itself.
//
//===----------------------------------------------------------------------===//
#include "frontends/Models/Version.h"
#include "frontends/Models/Views.h"

using namespace mlir;
using namespace rwkvc;
using rwkv::ActivationKind;

static bool matches(const TensorTable &tensors) {
  return tensors.count("blocks.0.att.time_mix_k") && tensors.count("blocks.0.att.ln_x.weight");
}

/// [H, N], or [H], of which every number stands for the channels of its head.
static void checkHeads(TensorChecks &check, const ModelInfo &info, StringRef name) {
  if (check.rank(name) != 1)
    return check.expect({name}, {info.heads, info.headSize});
  check.expect({name}, {info.heads});
  check.change(name, [&](const TensorView &view) { return repeated(view, info.headSize); });
}

static void checkDimensions(TensorChecks &check, ModelInfo &info) {
  StringRef decay = "att.time_decay";
  bool perHead = check.rank(decay) == 1;
  info.architecture = !perHead ? "rwkv5.2" : check.has("att.gate.weight") ? "rwkv5.1" : "rwkv5.0";
  info.heads = perHead ? check.size(decay, {check.kAny}, 0) : check.size(decay, {check.kAny, check.kAny}, 0);
  check.require(info.channels % info.heads == 0, decay,
                "has " + Twine(info.heads) + " heads, which do not divide " + Twine(info.channels) + " channels");
  info.headSize = info.channels / info.heads;
}

static void checkLayer(TensorChecks &check, Model &model, int64_t layer) {
  ModelInfo &info = model.info;
  int64_t C = info.channels;
  if (layer == 0)
    checkDimensions(check, info);
  checkHeads(check, info, "att.time_decay");
  checkHeads(check, info, check.has("att.time_first") ? "att.time_first" : "att.time_faaaa");
  check.expect({"att.time_mix_k", "att.time_mix_v", "att.time_mix_r", "att.ln_x.weight", "att.ln_x.bias"}, {C});
  check.expect({"att.key.weight", "att.value.weight", "att.receptance.weight", "att.output.weight"}, {C, C});
  if (info.architecture != "rwkv5.0") {
    check.expect({"att.time_mix_g"}, {C});
    check.expect({"att.gate.weight"}, {C, C});
  }
  check.expect({"ffn.time_mix_k", "ffn.time_mix_r"}, {C});
  checkChannelMix(check, info);
  check.expect({"ffn.receptance.weight"}, {C, C});
}

static Value bonus(GraphBuilder &g) {
  if (!g.has("att.time_first"))
    return g.vector("att.time_faaaa");
  Value u = g.vector("att.time_first");
  return g.model.bonusIsFolded ? u : g.activate(ActivationKind::Exp, u);
}

static Value timeMix(GraphBuilder &g, Value x) {
  const ModelInfo &info = g.model.info;
  Value before = g.tokenShift(x, "att.shift");
  Value k = g.linear(g.lerp(before, x, "att.time_mix_k"), "att.key.weight");
  Value v = g.linear(g.lerp(before, x, "att.time_mix_v"), "att.value.weight");
  Value r = g.linear(g.lerp(before, x, "att.time_mix_r"), "att.receptance.weight");

  Value w = g.vector("att.time_decay");
  if (!g.model.decayIsFolded)
    w = g.activate(ActivationKind::ExpNegExp, w);

  Value s = g.state("wkv", {info.heads, info.headSize, info.headSize});
  auto wkv = g.create<rwkv::Wkv5Op>(r, k, v, w, bonus(g), s);
  g.keep(s, wkv.getNextState());

  Value y = g.groupNorm(wkv.getOutput(), "att.ln_x");
  if (info.architecture != "rwkv5.0") {
    Value gate = g.linear(g.lerp(before, x, "att.time_mix_g"), "att.gate.weight");
    y = g.mul(y, g.activate(ActivationKind::Silu, gate));
  }
  return g.linear(y, "att.output.weight", "att.output.bias");
}

static Value channelMix(GraphBuilder &g, Value x) {
  Value before = g.tokenShift(x, "ffn.shift");
  return gatedChannelMix(g, g.lerp(before, x, "ffn.time_mix_k"), g.lerp(before, x, "ffn.time_mix_r"));
}

const Version rwkvc::rwkv5 = {matches, checkLayer, timeMix, channelMix};
