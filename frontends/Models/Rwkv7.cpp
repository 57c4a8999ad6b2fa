//===- Rwkv7.cpp - RWKV-7 (Goose, arXiv 2503.14456) -----------------------===//
#include "frontends/Models/Version.h"

using namespace mlir;
using namespace rwkvc;
using rwkv::ActivationKind;

static bool matches(const TensorTable &tensors) { return tensors.count("blocks.0.att.r_k"); }

/// NAME1 [C, R] and NAME2 [R, C]; returns R.
static int64_t checkLora(TensorChecks &check, StringRef name, int64_t C) {
  int64_t rank = check.transposeForLinear((name + "1").str(), C, check.kAny);
  check.transposeForLinear((name + "2").str(), rank, C);
  return rank;
}

static void checkDimensions(TensorChecks &check, ModelInfo &info) {
  info.architecture = "rwkv7";
  info.heads = check.size("att.r_k", {check.kAny, check.kAny}, 0);
  check.require(info.channels % info.heads == 0, "att.r_k",
                "has " + Twine(info.heads) + " heads, which do not divide " + Twine(info.channels) + " channels");
  info.headSize = info.channels / info.heads;
}

static void checkLayer(TensorChecks &check, Model &model, int64_t layer) {
  ModelInfo &info = model.info;
  int64_t C = info.channels;
  if (layer == 0)
    checkDimensions(check, info);
  for (StringRef lora : {"w", "a", "g", "v"}) {
    // Layer 0 makes the v that the others mix in; some checkpoints have an unused LoRA there.
    if (lora == "v" && layer == 0)
      continue;
    info.ranks.try_emplace(lora.str(), checkLora(check, ("att." + lora).str(), C));
    if (lora != "g")
      check.expect({("att." + lora + "0").str()}, {C});
  }
  check.expect({"att.r_k"}, {info.heads, info.headSize});
  check.expect({"att.x_r", "att.x_w", "att.x_k", "att.x_v", "att.x_a", "att.x_g", "att.k_k", "att.k_a",
                "att.ln_x.weight", "att.ln_x.bias"},
               {C});
  check.expect({"att.receptance.weight", "att.key.weight", "att.value.weight", "att.output.weight"}, {C, C});
  check.expect({"ffn.x_k"}, {C});
  checkChannelMix(check, info);
}

/// v, moved towards layer 0's by as much as the LoRA says.
static Value residualValue(GraphBuilder &g, Value v, Value xv) {
  if (g.layer() == 0)
    return g.firstV = v;
  Value amount = g.linear(g.linear(xv, "att.v1.t"), "att.v2.t", "att.v0");
  return g.lerp(v, g.firstV, g.activate(ActivationKind::Sigmoid, amount));
}

static Value timeMix(GraphBuilder &g, Value x) {
  const ModelInfo &info = g.model.info;
  Value before = g.tokenShift(x, "att.shift");
  Value xr = g.lerp(x, before, "att.x_r"), xw = g.lerp(x, before, "att.x_w");
  Value xk = g.lerp(x, before, "att.x_k"), xv = g.lerp(x, before, "att.x_v");
  Value xa = g.lerp(x, before, "att.x_a"), xg = g.lerp(x, before, "att.x_g");

  Value r = g.linear(xr, "att.receptance.weight");
  Value w = g.linear(g.activate(ActivationKind::Tanh, g.linear(xw, "att.w1.t")), "att.w2.t", "att.w0");
  w = g.activate(ActivationKind::ExpNegSigmoid, w);
  Value k = g.linear(xk, "att.key.weight");
  Value v = residualValue(g, g.linear(xv, "att.value.weight"), xv);
  Value a = g.activate(ActivationKind::Sigmoid, g.linear(g.linear(xa, "att.a1.t"), "att.a2.t", "att.a0"));
  Value gate = g.linear(g.activate(ActivationKind::Sigmoid, g.linear(xg, "att.g1.t")), "att.g2.t");

  Value kk = g.l2Normalize(g.scale(k, "att.k_k"));
  k = g.lerp(k, g.mul(k, a), "att.k_a"); // k * (1 + (a - 1) * k_a)

  Value s = g.state("wkv", {info.heads, info.headSize, info.headSize});
  auto wkv = g.create<rwkv::Wkv7Op>(r, w, k, v, g.neg(kk), g.mul(kk, a), s);
  g.keep(s, wkv.getNextState());

  Value y = g.groupNorm(wkv.getOutput(), "att.ln_x");
  y = g.add(y, g.create<rwkv::BonusOp>(r, k, v, g.vector("att.r_k"), info.heads));
  return g.linear(g.mul(y, gate), "att.output.weight", "att.output.bias");
}

static Value channelMix(GraphBuilder &g, Value x) {
  Value before = g.tokenShift(x, "ffn.shift");
  Value k = g.linear(g.lerp(x, before, "ffn.x_k"), "ffn.key.weight");
  return g.linear(g.activate(ActivationKind::ReluSquared, k), "ffn.value.weight");
}

const Version rwkvc::rwkv7 = {matches, checkLayer, timeMix, channelMix};
