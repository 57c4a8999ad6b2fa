//===- NamesGguf.cpp - Tensors of llama.cpp's rwkv6 and rwkv7 files -------===//
//
// LoRA matrices are transposed, mixes may be stacked, r_k is flat. Files of RWKV-6 whose x is halved every
// few layers hold att.output and ffn.value divided: NAME.rescale is what to multiply the result with.
//
//===----------------------------------------------------------------------===//
#include "frontends/Files/Refusal.h"
#include "frontends/Models/NameSchemes.h"
#include "frontends/Models/Views.h"
#include <array>

using namespace rwkvc;
using llvm::StringRef;

namespace {

struct Rename {
  const char *from, *to;
};

} // namespace

static constexpr Rename kWhole[] = {
    {"token_embd.weight", "emb.weight"},           {"token_embd_norm.weight", "blocks.0.ln0.weight"},
    {"token_embd_norm.bias", "blocks.0.ln0.bias"}, {"output_norm.weight", "ln_out.weight"},
    {"output_norm.bias", "ln_out.bias"},           {"output.weight", "head.weight"},
};

// After "blk.N."; the first match counts.
static constexpr Rename kBoth[] = {
    {"attn_norm.", "ln1."},
    {"attn_norm_2.", "ln2."},
    {"time_mix_ln.", "att.ln_x."},
    {"time_mix_key.", "att.key."},
    {"time_mix_value.", "att.value."},
    {"time_mix_receptance.", "att.receptance."},
    {"time_mix_gate.", "att.gate."},
    {"time_mix_output.", "att.output."},
    {"channel_mix_key.", "ffn.key."},
    {"channel_mix_value.", "ffn.value."},
    {"channel_mix_receptance.", "ffn.receptance."},
};
static constexpr Rename kOf6[] = {
    {"time_mix_first", "att.time_faaaa"}, {"time_mix_decay", "att.time_decay"},   {"time_mix_lerp_", "att.time_maa_"},
    {"time_mix_w", "att.time_maa_w"},     {"channel_mix_lerp_", "ffn.time_maa_"},
};
static constexpr Rename kOf7[] = {{"time_mix_", "att."}, {"channel_mix_lerp_", "ffn.x_"}};

static std::string renamed(StringRef name, llvm::ArrayRef<Rename> renames) {
  for (Rename rename : renames)
    if (name.starts_with(rename.from))
      return rename.to + name.drop_front(StringRef(rename.from).size()).str();
  return "";
}

/// Only matrices and norms keep their ending in BlinkDL's names.
static std::string canonicalInLayer(StringRef rest, bool six) {
  std::string name = renamed(rest, kBoth);
  if (!name.empty())
    return name;
  name = renamed(rest, six ? llvm::ArrayRef(kOf6) : llvm::ArrayRef(kOf7));
  StringRef stem = name;
  stem.consume_back(".weight");
  return stem.str();
}

/// Powers of two, for views that repeat one of them.
static constexpr std::array<float, 64> kPowersOfTwo = [] {
  std::array<float, 64> powers{};
  float power = 1;
  for (float &entry : powers) {
    entry = power;
    power *= 2;
  }
  return powers;
}();

static void addRescale(Model &model, const std::string &name, int64_t layer, int64_t every, int64_t channels) {
  size_t exponent = std::min<int64_t>(layer / every, kPowersOfTwo.size() - 1);
  if (exponent == 0)
    return;
  const auto *power = reinterpret_cast<const std::byte *>(&kPowersOfTwo[exponent]);
  TensorView vector = TensorView::dense(power, DType::F32, {channels});
  vector.strides = {0};
  addTensor(model, name, vector);
}

static bool isLora(StringRef name) {
  for (StringRef end : {".w1", ".w2", ".a1", ".a2", ".v1", ".v2", ".g1", ".g2", "_w1", "_w2"})
    if (name.ends_with(end))
      return true;
  return false;
}

static llvm::Error addFused(Model &model, const std::string &block, StringRef name, const TensorView &view, bool six) {
  StringRef letters = six ? "wkvrg" : "rwkvag";
  TensorView stack = asMatrix(view, 1);
  int64_t count = letters.size(), size = stack.elements();
  if (view.shape.size() < 2 || view.shape[0] != count || stack.shape.size() != 2 || size % count)
    return refuse("tensor " + quoted(name) + " is " + shapeText(view.shape) + ", but must be a stack of " +
                  llvm::Twine(count) + " vectors");
  stack = asMatrix(view, count);
  for (int64_t i = 0; i < count; ++i)
    addTensor(model, block + (six ? "att.time_maa_" : "att.x_") + letters[i], selected(stack, i));
  return llvm::Error::success();
}

namespace {

struct Facts {
  bool six;
  int64_t headSize, rescaleEvery;
};

} // namespace

static llvm::Expected<Facts> readFacts(const Checkpoint &checkpoint) {
  auto text = [&](const std::string &key) -> StringRef {
    auto at = checkpoint.metadata.find(key);
    return at == checkpoint.metadata.end() ? StringRef() : StringRef(at->second);
  };
  std::string architecture = text("general.architecture").str();
  if (architecture != "rwkv6" && architecture != "rwkv7")
    return refuse("the architecture is " + quoted(architecture) + ", but must be 'rwkv6' or 'rwkv7'");
  Facts facts{architecture == "rwkv6", 0, 0};
  std::string key = architecture + ".wkv.head_size";
  if (text(key).getAsInteger(10, facts.headSize) || facts.headSize < 1)
    return refuse("the metadata has no positive '" + key + "'");
  if (facts.six && text("rwkv6.rescale_every_n_layers").getAsInteger(10, facts.rescaleEvery))
    facts.rescaleEvery = 0;
  return facts;
}

static llvm::Error addLayerTensor(Model &model, const Facts &facts, int64_t layer, StringRef rest,
                                  const TensorView &view) {
  std::string block = "blocks." + std::to_string(layer) + ".";
  if (rest == "time_mix_lerp_fused.weight")
    return addFused(model, block, ("blk." + llvm::Twine(layer) + "." + rest).str(), view, facts.six);
  std::string name = canonicalInLayer(rest, facts.six);
  if (name.empty())
    return llvm::Error::success();
  bool flat = name == "att.r_k" || name == "att.time_faaaa";
  if (flat && view.elements() % facts.headSize == 0)
    addTensor(model, block + name, asMatrix(view, view.elements() / facts.headSize));
  else if (isLora(name) && view.shape.size() >= 2)
    addTensor(model, block + name, transposed(view));
  else
    addTensor(model, block + name, view);
  if (facts.rescaleEvery > 0 && !view.shape.empty() && (name == "att.output.weight" || name == "ffn.value.weight"))
    addRescale(model, block + name.substr(0, name.size() - 6) + "rescale", layer, facts.rescaleEvery, view.shape[0]);
  return llvm::Error::success();
}

llvm::Error rwkvc::nameGguf(const Checkpoint &checkpoint, Model &model) {
  llvm::Expected<Facts> facts = readFacts(checkpoint);
  if (!facts)
    return facts.takeError();
  for (const auto &[name, view] : checkpoint.tensors) {
    StringRef rest = name;
    int64_t layer = 0;
    if (!rest.consume_front("blk.")) {
      std::string whole = renamed(name, kWhole);
      if (!whole.empty())
        addTensor(model, whole, view);
    } else if (!rest.consumeInteger(10, layer) && layer >= 0 && rest.consume_front(".")) {
      if (llvm::Error error = addLayerTensor(model, *facts, layer, rest, view))
        return error;
    }
  }
  return llvm::Error::success();
}
