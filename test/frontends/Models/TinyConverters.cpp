//===- TinyConverters.cpp - What converters would make of a checkpoint ----===//
#include "TinyCheckpoint.h"
#include <cmath>

using namespace rwkvc;
using llvm::SmallVector;
using llvm::StringRef;

static bool endsWithAny(StringRef name, llvm::ArrayRef<StringRef> ends) {
  return llvm::any_of(ends, [&](StringRef end) { return name.ends_with(end); });
}

static bool isLora(StringRef name) {
  return endsWithAny(
      name, {".w1", ".w2", ".a1", ".a2", ".v1", ".v2", ".g1", ".g2", "maa_w1", "maa_w2", "decay_w1", "decay_w2"});
}

/// Copies with the last two dimensions exchanged.
static void addTransposed(TinyCheckpoint &to, const std::string &name, SmallVector<int64_t, 4> shape,
                          const std::vector<float> &values) {
  int64_t columns = shape.pop_back_val(), rows = shape.pop_back_val();
  std::vector<float> turned(values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    size_t matrix = i / (rows * columns), row = i / columns % rows, column = i % columns;
    turned[matrix * rows * columns + column * rows + row] = values[i];
  }
  shape.append({columns, rows});
  to.add(name, shape, std::move(turned));
}

/// [letters, 1, C] of NAME + letter.
static std::vector<float> stacked(const TinyCheckpoint &from, const std::string &prefix, StringRef letters) {
  std::vector<float> stack;
  for (char letter : letters)
    llvm::append_range(stack, from.values(prefix + letter));
  return stack;
}

TinyCheckpoint toRwkvCpp(const TinyCheckpoint &from) {
  TinyCheckpoint to;
  to.checkpoint.container = "rwkv.cpp";
  const TensorTable &tensors = from.checkpoint.tensors;
  bool six = tensors.count("blocks.0.att.time_maa_x"), five = !six && tensors.count("blocks.0.att.ln_x.weight");
  for (const auto &[name, view] : tensors) {
    std::vector<float> values = from.values(name);
    SmallVector<int64_t, 4> shape = view.shape;
    bool decay = StringRef(name).ends_with("time_decay");
    if (shape.size() == 3 && shape[0] == 1)
      shape = {shape[2]};
    if (decay && !six)
      for (float &value : values)
        value = five ? std::exp(-std::exp(value)) : -std::exp(value);
    if (five && StringRef(name).ends_with("time_first"))
      for (float &value : values)
        value = std::exp(value);
    if (decay && six)
      shape = {4, 8, 1};
    else if (endsWithAny(name, {"time_decay", "time_first", "time_faaaa"}) && (five || six))
      shape.append(shape.size() == 1 ? 2 : 1, 1);

    if (endsWithAny(name, {".x_r", ".x_w", ".x_v", ".x_a", ".x_g", ".att.x_k"}))
      to.add(name.substr(0, name.size() - 1) + "rwkvag", {6, 1, shape.back()},
             stacked(from, name.substr(0, name.size() - 1), "rwkvag"));
    else if (isLora(name))
      addTransposed(to, name, shape, values);
    else
      to.add(name, shape, values);
  }
  return to;
}

static std::string replaced(std::string name, StringRef from, StringRef to) {
  size_t at = name.find(from);
  return at == std::string::npos ? name : name.replace(at, from.size(), to.str());
}

static std::string ggufName(std::string name) {
  for (auto [from, to] : {std::pair{"blocks.0.ln0", "token_embd_norm"},
                          {"ln_out", "output_norm"},
                          {"emb.", "token_embd."},
                          {"head.", "output."},
                          {"blocks.", "blk."},
                          {"ln1", "attn_norm"},
                          {"ln2", "attn_norm_2"},
                          {"att.ln_x", "time_mix_ln"},
                          {"time_faaaa", "time_first"},
                          {"ffn.x_", "channel_mix_lerp_"},
                          {"ffn.time_maa_", "channel_mix_lerp_"},
                          {"att.time_maa_w1", "time_mix_w1"},
                          {"att.time_maa_w2", "time_mix_w2"},
                          {"att.time_maa_", "time_mix_lerp_"},
                          {"att.time_", "time_mix_"},
                          {"att.", "time_mix_"},
                          {"ffn.", "channel_mix_"}})
    name = replaced(name, from, to);
  bool ends = endsWithAny(name, {".weight", ".bias"});
  return ends ? name : name + ".weight";
}

TinyCheckpoint toGguf(const TinyCheckpoint &from, bool six) {
  TinyCheckpoint to;
  std::string architecture = six ? "rwkv6" : "rwkv7";
  to.checkpoint.container = "gguf";
  to.checkpoint.metadata = {{"general.architecture", architecture}, {architecture + ".wkv.head_size", "8"}};
  if (six)
    to.checkpoint.metadata["rwkv6.rescale_every_n_layers"] = "1";
  StringRef letters = six ? "wkvrg" : "rwkvag";
  for (const auto &[name, view] : from.checkpoint.tensors) {
    std::vector<float> values = from.values(name);
    SmallVector<int64_t, 4> shape = view.shape;
    if (shape.size() == 3 && shape[0] == 1)
      shape = {shape[2]};
    if (six && name[7] == '1' && endsWithAny(name, {"att.output.weight", "ffn.value.weight"}))
      for (float &value : values)
        value /= 2;
    bool mix = StringRef(name).contains(six ? "att.time_maa_" : "att.x_") && shape.size() == 1;
    if (mix && letters.contains(name.back()))
      to.add(name.substr(0, 9) + "time_mix_lerp_fused.weight", {int64_t(letters.size()), 1, 1, shape[0]},
             stacked(from, name.substr(0, name.size() - 1), letters));
    else if (isLora(name))
      addTransposed(to, ggufName(name), shape, values);
    else if (StringRef(name).ends_with("r_k"))
      to.add(ggufName(name), {int64_t(values.size())}, values);
    else
      to.add(ggufName(name), shape, values);
  }
  // The fused mixes were put under BlinkDL's layer names.
  TensorTable renamed;
  for (auto &[name, view] : to.checkpoint.tensors)
    renamed[replaced(name, "blocks.", "blk.")] = view;
  to.checkpoint.tensors = renamed;
  return to;
}

TinyCheckpoint toReversal(const TinyCheckpoint &from) {
  TinyCheckpoint to;
  to.checkpoint.container = "pth";
  for (const auto &[name, view] : from.checkpoint.tensors) {
    std::string renamed = name;
    for (auto [prefix, old] : {std::pair{"emb.", "e."},
                               {"head.", "o."},
                               {"ln_out.", "lno."},
                               {"blocks.0.ln1.", "ln1a."},
                               {"blocks.0.ln2.", "ln1b."},
                               {"blocks.0.att.", "rwkv1."},
                               {"blocks.0.ffn.", "ffn1."},
                               {"blocks.1.ln1.", "ln2a."},
                               {"blocks.1.ln2.", "ln2b."},
                               {"blocks.1.att.", "rwkv2."},
                               {"blocks.1.ffn.", "ffn2."}})
      if (StringRef(name).starts_with(prefix))
        renamed = old + name.substr(StringRef(prefix).size());
    if (!StringRef(name).starts_with("blocks.0.ln0"))
      to.add(renamed, view.shape, from.values(name));
  }
  to.add("o.bias", {12});
  for (std::string rosa : {"rosa1.", "rosa2."}) {
    to.add(rosa + "o.bias", {32});
    to.add(rosa + "q.weight", {32, 32});
    to.add(rosa + "rosa_qkv.emb", {1, 1, 32}, std::vector<float>(32, 0.0f));
  }
  return to;
}
