//===- Rwkv6.cpp - RWKV-6 (Finch, arXiv 2404.05892) -----------------------===//
//
// The mix of a token with the one before it depends on both, through five small LoRAs that share a matrix.
// They become five pairs of linears on slices of it, so that nothing later knows of the sharing.
//
//===----------------------------------------------------------------------===//
#include "frontends/Models/Version.h"
#include "frontends/Models/Views.h"

using namespace mlir;
using namespace rwkvc;
using rwkv::ActivationKind;

/// In the order in which time_maa_w1 and time_maa_w2 hold them.
static constexpr StringRef kMixes[] = {"w", "k", "v", "r", "g"};

static bool matches(const TensorTable &tensors) { return tensors.count("blocks.0.att.time_maa_x"); }

/// Adds time_maa_w1.X [R, C] and time_maa_w2.X [C, R] for each mix X.
static int64_t splitMixes(TensorChecks &check, int64_t C) {
  StringRef w1 = "att.time_maa_w1", w2 = "att.time_maa_w2";
  int64_t R = check.size(w2, {5, check.kAny, C}, 1);
  check.expect({w1}, {C, 5 * R});
  for (auto [i, mix] : llvm::enumerate(kMixes)) {
    int64_t index = i;
    check.derive((w1 + "." + mix).str(), w1,
                 [&](const TensorView &view) { return transposed(sliced(view, 1, index * R, R)); });
    check.derive((w2 + "." + mix).str(), w2, [&](const TensorView &view) { return transposed(selected(view, index)); });
  }
  return R;
}

static void checkLayer(TensorChecks &check, Model &model, int64_t layer) {
  ModelInfo &info = model.info;
  int64_t C = info.channels, mixRank = splitMixes(check, C);
  int64_t decayRank = check.transposeForLinear("att.time_decay_w1", C, check.kAny);
  check.transposeForLinear("att.time_decay_w2", decayRank, C);
  if (layer == 0) {
    info.architecture = "rwkv6";
    info.heads = check.size("att.time_faaaa", {check.kAny, check.kAny}, 0);
    check.require(C % info.heads == 0, "att.time_faaaa",
                  "has " + Twine(info.heads) + " heads, which do not divide " + Twine(C) + " channels");
    info.headSize = C / info.heads;
    info.ranks = {{"mix", mixRank}, {"decay", decayRank}};
  }
  check.expect({"att.time_faaaa"}, {info.heads, info.headSize});
  for (StringRef mix : kMixes)
    check.expect({("att.time_maa_" + mix).str()}, {C});
  check.expect({"att.time_maa_x", "att.time_decay", "att.ln_x.weight", "att.ln_x.bias"}, {C});
  check.expect({"att.key.weight", "att.value.weight", "att.receptance.weight", "att.gate.weight", "att.output.weight"},
               {C, C});
  check.expect({"ffn.time_maa_k", "ffn.time_maa_r"}, {C});
  checkChannelMix(check, info);
  check.expect({"ffn.receptance.weight"}, {C, C});
}

static Value timeMix(GraphBuilder &g, Value x) {
  const ModelInfo &info = g.model.info;
  Value before = g.tokenShift(x, "att.shift");
  Value both = g.lerp(x, before, "att.time_maa_x");
  auto mixed = [&](StringRef mix) {
    Value low = g.activate(ActivationKind::Tanh, g.linear(both, ("att.time_maa_w1." + mix).str()));
    Value amount = g.linear(low, ("att.time_maa_w2." + mix).str(), ("att.time_maa_" + mix).str());
    return g.lerp(x, before, amount);
  };
  Value low = g.activate(ActivationKind::Tanh, g.linear(mixed("w"), "att.time_decay_w1.t"));
  Value w = g.activate(ActivationKind::ExpNegExp, g.linear(low, "att.time_decay_w2.t", "att.time_decay"));
  Value k = g.linear(mixed("k"), "att.key.weight");
  Value v = g.linear(mixed("v"), "att.value.weight");
  Value r = g.linear(mixed("r"), "att.receptance.weight");
  Value gate = g.activate(ActivationKind::Silu, g.linear(mixed("g"), "att.gate.weight"));

  Value s = g.state("wkv", {info.heads, info.headSize, info.headSize});
  auto wkv = g.create<rwkv::Wkv6Op>(r, w, k, v, g.vector("att.time_faaaa"), s);
  g.keep(s, wkv.getNextState());

  Value y = g.mul(g.groupNorm(wkv.getOutput(), "att.ln_x"), gate);
  return g.linear(y, "att.output.weight", "att.output.bias");
}

static Value channelMix(GraphBuilder &g, Value x) {
  Value before = g.tokenShift(x, "ffn.shift");
  return gatedChannelMix(g, g.lerp(x, before, "ffn.time_maa_k"), g.lerp(x, before, "ffn.time_maa_r"));
}

const Version rwkvc::rwkv6 = {matches, checkLayer, timeMix, channelMix};
