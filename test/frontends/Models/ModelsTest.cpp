//===- ModelsTest.cpp - Recognising models, whatever they came in ---------===//
#include "frontends/Models/Models.h"
#include "TinyCheckpoint.h"
#include "mlir/IR/MLIRContext.h"
#include <gtest/gtest.h>

using namespace rwkvc;

static Model recognised(const Checkpoint &checkpoint) {
  llvm::Expected<Model> model = recogniseModel(checkpoint);
  if (model)
    return std::move(*model);
  ADD_FAILURE() << llvm::toString(model.takeError());
  return {};
}

static std::string refusal(const TinyCheckpoint &tiny) {
  llvm::Expected<Model> model = recogniseModel(tiny.checkpoint);
  return model ? "" : llvm::toString(model.takeError());
}

static std::vector<float> read(const TensorView &view) {
  std::vector<float> values(view.elements());
  view.readRow(0, values);
  return values;
}

/// buildModel verifies what it built.
static void expectBuilds(const Model &model) {
  mlir::MLIRContext context;
  auto module = buildModel(context, model);
  EXPECT_TRUE(bool(module));
  if (!module)
    llvm::consumeError(module.takeError());
}

TEST(Models, ReadsEveryDimensionFromShapes) {
  for (const TinyCheckpoint &tiny : {tinyRwkv5("5.0", "time_first"), tinyRwkv5("5.1", "time_faaaa"),
                                     tinyRwkv5("5.2", "time_faaaa"), tinyRwkv6(), tinyRwkv7()}) {
    Model model = recognised(tiny.checkpoint);
    EXPECT_EQ(model.info.layers, 2);
    EXPECT_EQ(model.info.channels, 32);
    EXPECT_EQ(model.info.heads, 4);
    EXPECT_EQ(model.info.headSize, 8);
    EXPECT_EQ(model.info.ffnWidth, 40);
    EXPECT_EQ(model.info.vocabulary, 12);
    expectBuilds(model);
  }
}

TEST(Models, ReadsEveryRankFromShapes) {
  using Ranks = std::map<std::string, int64_t>;
  EXPECT_EQ(recognised(tinyRwkv6().checkpoint).info.ranks, (Ranks{{"mix", 3}, {"decay", 7}}));
  EXPECT_EQ(recognised(tinyRwkv7().checkpoint).info.ranks, (Ranks{{"w", 3}, {"a", 5}, {"v", 7}, {"g", 9}}));
}

TEST(Models, TellsVersionsApartByNamesAndShapes) {
  EXPECT_EQ(recognised(tinyRwkv4().checkpoint).info.architecture, "rwkv4");
  EXPECT_EQ(recognised(tinyRwkv5("5.0", "time_faaaa").checkpoint).info.architecture, "rwkv5.0");
  EXPECT_EQ(recognised(tinyRwkv5("5.1", "time_first").checkpoint).info.architecture, "rwkv5.1");
  EXPECT_EQ(recognised(tinyRwkv5("5.2", "time_faaaa").checkpoint).info.architecture, "rwkv5.2");
  EXPECT_EQ(recognised(tinyRwkv6().checkpoint).info.architecture, "rwkv6");
  EXPECT_EQ(recognised(tinyRwkv7().checkpoint).info.architecture, "rwkv7");
  expectBuilds(recognised(tinyRwkv4().checkpoint));
}

TEST(Models, RepeatsOneNumberAHeadOverItsChannels) {
  TinyCheckpoint tiny = tinyRwkv5("5.0", "time_first");
  std::vector<float> heads = tiny.values("blocks.1.att.time_decay");
  std::vector<float> channels = read(recognised(tiny.checkpoint).tensors.at("blocks.1.att.time_decay"));
  ASSERT_EQ(channels.size(), 32u);
  for (size_t c = 0; c < channels.size(); ++c)
    EXPECT_EQ(channels[c], heads[c / 8]);
}

TEST(Models, IgnoresTheValueLoraOfLayer0) {
  TinyCheckpoint tiny = tinyRwkv7();
  tiny.add("blocks.0.att.v1", {3}); // any shape: nobody reads it
  tiny.remove("blocks.0.att.v2");
  expectBuilds(recognised(tiny.checkpoint));
}

TEST(Models, BuildsWithoutLn0AndWithBiases) {
  TinyCheckpoint tiny = tinyRwkv7();
  tiny.remove("blocks.0.ln0.weight");
  tiny.remove("blocks.0.ln0.bias");
  tiny.add("head.bias", {12});
  tiny.add("blocks.1.att.output.bias", {32});
  expectBuilds(recognised(tiny.checkpoint));
}

/// Every tensor of `expected` is the same in `found`, under the same name.
static void expectSameTensors(const Model &found, const Model &expected, llvm::ArrayRef<llvm::StringRef> except) {
  for (const auto &[name, view] : expected.tensors) {
    llvm::StringRef key = name;
    if (llvm::any_of(except, [&](llvm::StringRef end) { return key.ends_with(end); }))
      continue;
    auto at = found.tensors.find(name);
    ASSERT_NE(at, found.tensors.end()) << name;
    EXPECT_EQ(at->second.shape, view.shape) << name;
    EXPECT_EQ(read(at->second), read(view)) << name;
  }
}

TEST(Models, UndoesWhatRwkvCppDid) {
  for (const TinyCheckpoint &tiny :
       {tinyRwkv4(), tinyRwkv5("5.0", "time_first"), tinyRwkv5("5.2", "time_faaaa"), tinyRwkv6(), tinyRwkv7()}) {
    TinyCheckpoint converted = toRwkvCpp(tiny);
    Model expected = recognised(tiny.checkpoint), found = recognised(converted.checkpoint);
    EXPECT_EQ(found.info.architecture, expected.info.architecture);
    bool raw = found.info.architecture == "rwkv6" || found.info.architecture == "rwkv7";
    // The exponential was taken before: it cannot be undone by a view, so the model says so.
    EXPECT_TRUE(raw || found.decayIsFolded);
    if (raw)
      expectSameTensors(found, expected, {});
    else
      expectSameTensors(found, expected, {"time_decay", "time_first"});
    expectBuilds(found);
  }
}

TEST(Models, UndoesWhatLlamaCppDid) {
  for (bool six : {true, false}) {
    TinyCheckpoint tiny = six ? tinyRwkv6() : tinyRwkv7(), converted = toGguf(tiny, six);
    Model expected = recognised(tiny.checkpoint), found = recognised(converted.checkpoint);
    if (!six) {
      expectSameTensors(found, expected, {});
    } else {
      expectSameTensors(found, expected, {"blocks.1.att.output.weight", "blocks.1.ffn.value.weight"});
      EXPECT_EQ(read(found.tensors.at("blocks.1.att.output.rescale")), std::vector<float>(32, 2.0f));
      EXPECT_EQ(read(found.tensors.at("blocks.1.ffn.value.rescale")), std::vector<float>(32, 2.0f));
      EXPECT_FALSE(found.tensors.count("blocks.0.att.output.rescale"));
    }
    expectBuilds(found);
  }
}

TEST(Models, KnowsTheNamesOfTheReversalModel) {
  TinyCheckpoint tiny = tinyRwkv7(), renamed = toReversal(tiny);
  tiny.remove("blocks.0.ln0.weight");
  tiny.remove("blocks.0.ln0.bias");
  Model found = recognised(renamed.checkpoint);
  expectSameTensors(found, recognised(tiny.checkpoint), {});
  EXPECT_EQ(read(found.tensors.at("head.bias")), renamed.values("o.bias"));
  EXPECT_EQ(read(found.tensors.at("blocks.1.att.output.bias")), renamed.values("rosa2.o.bias"));
  EXPECT_FALSE(found.tensors.count("blocks.0.ln0.weight"));
  expectBuilds(found);
  renamed.add("rosa2.rosa_qkv.emb", {1, 1, 32});
  EXPECT_EQ(refusal(renamed), "tensor 'rosa2.rosa_qkv.emb' is not zero, and ROSA lookups are not supported");
}

TEST(Models, RefusesWithTheTensorAndBothShapes) {
  TinyCheckpoint tiny = tinyRwkv7();
  tiny.remove("blocks.1.att.w2");
  EXPECT_EQ(refusal(tiny), "the checkpoint has no tensor 'blocks.1.att.w2'");
  tiny = tinyRwkv7();
  tiny.add("blocks.1.att.key.weight", {32, 16});
  EXPECT_EQ(refusal(tiny), "tensor 'blocks.1.att.key.weight' is [32, 16], but must be [32, 32]");
  tiny = tinyRwkv7();
  tiny.add("blocks.0.att.w1", {16, 3});
  EXPECT_EQ(refusal(tiny), "tensor 'blocks.0.att.w1' is [16, 3], but must be [32, any]");
  tiny = tinyRwkv7();
  tiny.add("blocks.0.att.r_k", {3, 8});
  EXPECT_EQ(refusal(tiny), "tensor 'blocks.0.att.r_k' has 3 heads, which do not divide 32 channels");
  tiny = tinyRwkv6();
  tiny.add("blocks.0.att.time_maa_w1", {32, 14});
  EXPECT_EQ(refusal(tiny), "tensor 'blocks.0.att.time_maa_w1' is [32, 14], but must be [32, 15]");
  tiny = tinyRwkv5("5.2", "time_faaaa");
  tiny.add("blocks.1.att.time_decay", {2, 16});
  EXPECT_EQ(refusal(tiny), "tensor 'blocks.1.att.time_decay' is [2, 16], but must be [4, 8]");
  tiny = tinyRwkv4();
  tiny.add("emb.weight", {32});
  EXPECT_EQ(refusal(tiny), "tensor 'emb.weight' is [32], but must be [any, any]");
}

TEST(Models, RefusesWhatIsNoRwkv) {
  TinyCheckpoint tiny;
  tiny.add("model.embed_tokens.weight", {4, 4});
  EXPECT_EQ(refusal(tiny), "the checkpoint is not an RWKV model: it has no tensor 'emb.weight', nor Hugging Face's "
                           "'rwkv.embeddings.weight', nor fla's 'model.embeddings.weight'");
  tiny.add("emb.weight", {4, 4});
  EXPECT_EQ(refusal(tiny),
            "the checkpoint is of no RWKV version from 4 to 7: layer 0 has no time mixing tensor of any");
  tiny = toGguf(tinyRwkv7(), false);
  tiny.checkpoint.metadata["general.architecture"] = "llama";
  EXPECT_EQ(refusal(tiny), "the architecture is 'llama', but must be 'rwkv6' or 'rwkv7'");
  tiny = toGguf(tinyRwkv7(), false);
  tiny.checkpoint.metadata.erase("rwkv7.wkv.head_size");
  EXPECT_EQ(refusal(tiny), "the metadata has no positive 'rwkv7.wkv.head_size'");
  tiny = toRwkvCpp(tinyRwkv7());
  tiny.add("blocks.0.att.x_rwkvag", {5, 1, 32});
  EXPECT_EQ(refusal(tiny), "tensor 'blocks.0.att.x_rwkvag' is [5, 1, 32], but must be [6, 1, any]");
}
