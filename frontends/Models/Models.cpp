//===- Models.cpp - The versions, and the frame that they share -----------===//
#include "frontends/Models/Models.h"
#include "dialects/Quant/Weight.h"
#include "frontends/Files/Refusal.h"
#include "frontends/Models/NameSchemes.h"
#include "frontends/Models/Version.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Verifier.h"

using namespace mlir;
using namespace rwkvc;

/// Adding a version is one line here.
static const Version *const kVersions[] = {&rwkv7, &rwkv6, &rwkv5, &rwkv4};

/// One more than the largest N of "blocks.N.".
static int64_t countLayers(const TensorTable &tensors) {
  int64_t layers = 0;
  for (const auto &[name, view] : tensors) {
    StringRef rest = name;
    int64_t layer;
    if (rest.consume_front("blocks.") && !rest.consumeInteger(10, layer) && layer >= 0 && layer < (1 << 20))
      layers = std::max(layers, layer + 1);
  }
  return layers;
}

static void checkTensors(TensorChecks &check, Model &model) {
  ModelInfo &info = model.info;
  info.vocabulary = check.size("emb.weight", {check.kAny, check.kAny}, 0);
  info.channels = check.size("emb.weight", {check.kAny, check.kAny}, 1);
  int64_t C = info.channels;
  check.expect({"head.weight"}, {info.vocabulary, C});
  if (check.has("head.bias"))
    check.expect({"head.bias"}, {info.vocabulary});
  check.expect({"ln_out.weight", "ln_out.bias"}, {C});
  if (check.has("blocks.0.ln0.weight"))
    check.expect({"blocks.0.ln0.weight", "blocks.0.ln0.bias"}, {C});
  for (int64_t layer = 0; layer < info.layers && !check.failed(); ++layer) {
    check.enterLayer(layer);
    check.expect({"ln1.weight", "ln1.bias", "ln2.weight", "ln2.bias"}, {C});
    model.version->checkLayer(check, model, layer);
    for (StringRef optional : {"att.output.bias", "att.output.rescale", "ffn.value.rescale"})
      if (check.has(optional))
        check.expect({optional}, {C});
  }
}

llvm::Expected<Model> rwkvc::recogniseModel(const Checkpoint &checkpoint) {
  Model model;
  model.files = checkpoint.shards;
  model.files.push_back(checkpoint.file);
  if (llvm::Error error = useCanonicalNames(checkpoint, model))
    return std::move(error);
  model.info.layers = countLayers(model.tensors);
  for (const Version *version : kVersions)
    if (!model.version && version->matches(model.tensors))
      model.version = version;
  if (!model.version)
    return refuse("the checkpoint is of no RWKV version from 4 to 7: layer 0 has no time mixing tensor of any");
  TensorChecks check(model.tensors);
  checkTensors(check, model);
  if (llvm::Error error = check.takeError())
    return std::move(error);
  return model;
}

static DictionaryAttr describe(Builder &builder, const ModelInfo &info) {
  SmallVector<NamedAttribute> entries{
      builder.getNamedAttr("architecture", builder.getStringAttr(info.architecture)),
  };
  for (auto [key, value] : {std::pair{"layers", info.layers}, std::pair{"channels", info.channels},
                            std::pair{"heads", info.heads}, std::pair{"head_size", info.headSize},
                            std::pair{"ffn_width", info.ffnWidth}, std::pair{"vocabulary", info.vocabulary}})
    entries.push_back(builder.getNamedAttr(key, builder.getI64IntegerAttr(value)));
  return builder.getDictionaryAttr(entries);
}

/// A converter that halves x every few layers has divided what is added to it: this multiplies it back.
static Value unscaled(GraphBuilder &g, Value x, StringRef by) { return g.has(by) ? g.scale(x, by) : x; }

static void buildForward(GraphBuilder &g) {
  Value x = g.embed("emb.weight");
  if (g.has("blocks.0.ln0.weight"))
    x = g.layerNorm(x, "blocks.0.ln0");
  for (int64_t layer = 0; layer < g.model.info.layers; ++layer) {
    g.enterLayer(layer);
    Value time = g.model.version->timeMix(g, g.layerNorm(x, "ln1"));
    x = g.add(x, unscaled(g, time, "att.output.rescale"));
    Value channel = g.model.version->channelMix(g, g.layerNorm(x, "ln2"));
    x = g.add(x, unscaled(g, channel, "ffn.value.rescale"));
  }
  g.enterLayer(-1);
  // Only the rows that somebody reads are worth a norm and a head.
  x = g.layerNorm(g.takeRows(x), "ln_out");
  g.finish(g.linear(x, "head.weight", "head.bias"));
}

llvm::Expected<OwningOpRef<ModuleOp>> rwkvc::buildModel(MLIRContext &context, const Model &model,
                                                        const BuildOptions &options) {
  context.loadDialect<arith::ArithDialect, func::FuncDialect, rwkv::RWKVDialect, weight::WeightDialect>();
  OwningOpRef<ModuleOp> module = ModuleOp::create(UnknownLoc::get(&context));
  Builder builder(&context);
  (*module)->setAttr("rwkv.model", describe(builder, model.info));
  GraphBuilder graph(*module, model, options);
  buildForward(graph);
  if (failed(verify(*module)))
    return refuse("the imported model does not verify, which is a mistake of this compiler");
  return module;
}
