//===- NamesHf.cpp - Tensors of Hugging Face's RWKV-4 to 6, and of fla's RWKV-7 ---===//
//
// transformers' RWKV-4, and the models of the same layout for 5 and 6, rename only. flash-linear-attention's RWKV-7
// also turns the LoRAs' matrices, and its first releases stack the six mixes.
//
//===----------------------------------------------------------------------===//
#include "frontends/Files/Refusal.h"
#include "frontends/Models/NameSchemes.h"
#include "frontends/Models/Views.h"

using namespace rwkvc;
using llvm::StringRef;

namespace {

struct Rename {
  StringRef from, to;
};

} // namespace

/// "model.layers.3.attn.x_r" is layer 3's "attn.x_r".
static bool consumeLayer(StringRef &name, StringRef prefix, int64_t &layer) {
  return name.consume_front(prefix) && !name.consumeInteger(10, layer) && layer >= 0 && name.consume_front(".");
}

/// `name` with the first of `renames` that it begins with replaced; empty if there is none.
static std::string renamed(StringRef name, llvm::ArrayRef<Rename> renames) {
  for (Rename rename : renames)
    if (name.consume_front(rename.from))
      return (rename.to + name).str();
  return "";
}

static constexpr Rename kWholeHf[] = {{"rwkv.embeddings.", "emb."}, {"rwkv.ln_out.", "ln_out."}, {"head.", "head."}};
static constexpr Rename kLayerHf[] = {
    {"pre_ln.", "ln0."}, {"ln1.", "ln1."}, {"ln2.", "ln2."}, {"attention.", "att."}, {"feed_forward.", "ffn."}};
static constexpr StringRef kMixes[] = {"key", "value", "receptance", "gate"};

llvm::Error rwkvc::nameHf(const Checkpoint &checkpoint, Model &model) {
  for (const auto &[full, view] : checkpoint.tensors) {
    StringRef name = full;
    int64_t layer = 0;
    std::string canonical;
    if (consumeLayer(name, "rwkv.blocks.", layer)) {
      canonical = renamed(name, kLayerHf);
      // "time_mix_key" is time_mix_k: 4 and 5 spell the letters out, 6 does not.
      for (StringRef mix : kMixes)
        if (StringRef(canonical).ends_with((".time_mix_" + mix).str()))
          canonical.resize(canonical.size() - mix.size() + 1);
      if (!canonical.empty())
        canonical = "blocks." + std::to_string(layer) + "." + canonical;
    } else {
      canonical = renamed(name, kWholeHf);
    }
    if (!canonical.empty())
      addTensor(model, canonical, view);
  }
  return llvm::Error::success();
}

static constexpr Rename kWholeFla[] = {
    {"model.embeddings.", "emb."}, {"model.norm.", "ln_out."}, {"lm_head.", "head."}};
static constexpr Rename kLayerFla[] = {{"pre_norm.", "ln0."},
                                       {"attn_norm.", "ln1."},
                                       {"ffn_norm.", "ln2."},
                                       {"attn.r_proj.", "att.receptance."},
                                       {"attn.k_proj.", "att.key."},
                                       {"attn.v_proj.", "att.value."},
                                       {"attn.o_proj.", "att.output."},
                                       {"attn.g_norm.", "att.ln_x."},
                                       {"attn.", "att."},
                                       {"ffn.", "ffn."}};

/// Of "w_lora.lora.0.weight": the letter, and which of NAME1, NAME2 and NAME0 it is.
static bool addLora(Model &model, const std::string &block, StringRef name, const TensorView &view) {
  auto [letter, part] = name.split("_lora.lora.");
  StringRef number = part == "0.weight" ? "1" : part == "2.weight" ? "2" : part == "2.bias" ? "0" : "";
  if (letter.size() != 1 || number.empty())
    return false;
  bool isTurned = number != "0" && view.shape.size() == 2;
  addTensor(model, (block + "att." + letter + number).str(), isTurned ? transposed(view) : view);
  return true;
}

/// [6, C], as r w k v a g.
static llvm::Error addMixes(Model &model, const std::string &block, StringRef name, const TensorView &view) {
  StringRef letters = "rwkvag";
  if (view.shape.size() != 2 || view.shape[0] != int64_t(letters.size()))
    return refuse("tensor " + quoted(name) + " is " + shapeText(view.shape) + ", but must be [6, any]");
  for (size_t i = 0; i < letters.size(); ++i)
    addTensor(model, block + "att.x_" + letters[i], selected(view, i));
  return llvm::Error::success();
}

llvm::Error rwkvc::nameFla(const Checkpoint &checkpoint, Model &model) {
  for (const auto &[full, view] : checkpoint.tensors) {
    StringRef name = full;
    int64_t layer = 0;
    if (!consumeLayer(name, "model.layers.", layer)) {
      if (std::string canonical = renamed(name, kWholeFla); !canonical.empty())
        addTensor(model, canonical, view);
      continue;
    }
    std::string block = "blocks." + std::to_string(layer) + ".";
    if (name == "attn.x_x") {
      if (llvm::Error error = addMixes(model, block, full, view))
        return error;
      continue;
    }
    if (StringRef inner = name; inner.consume_front("attn.") && addLora(model, block, inner, view))
      continue;
    if (std::string canonical = renamed(name, kLayerFla); !canonical.empty())
      addTensor(model, block + canonical, view);
  }
  return llvm::Error::success();
}
