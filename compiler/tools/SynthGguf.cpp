//===- SynthGguf.cpp - A model as llama.cpp's converter writes it ---------===//
//
// LoRAs are turned, mixes joined, layer 0 of RWKV-7 has v0 to v2 that nobody reads. Which tensors
// stay wide beside quantised ones is llama-quantize's choice; RWKV-6's outputs are not rescaled.
//
//===----------------------------------------------------------------------===//
#include "compiler/tools/SynthPlan.h"
#include "frontends/Files/Refusal.h"
#include "llvm/ADT/StringExtras.h"

using namespace rwkvc;
using llvm::StringRef;

namespace {

struct Rename {
  const char *from, *to;
};

class Planner {
public:
  Planner(const SynthModel &model, DType type) : model(model), type(type), seven(model.version == "7") {}
  std::vector<PlannedTensor> plan();

private:
  void add(const SynthTensor &tensor);
  void addLora(const SynthTensor &tensor, const std::string &name);
  void addMix(const SynthTensor &tensor, const std::string &block);
  std::string renamed(StringRef name) const;
  DType typeOf(StringRef name, llvm::ArrayRef<int64_t> shape) const;

  const SynthModel &model;
  const DType type;
  const bool seven;
  std::vector<PlannedTensor> tensors;
};

} // namespace

static constexpr Rename kWhole[] = {
    {"emb", "token_embd"}, {"blocks.0.ln0", "token_embd_norm"}, {"ln_out", "output_norm"}, {"head", "output"}};

// Without the layer; the first match of a beginning counts.
static constexpr Rename kInLayer[] = {
    {"ln1", "attn_norm"},
    {"ln2", "attn_norm_2"},
    {"att.ln_x", "time_mix_ln"},
    {"att.time_faaaa", "time_mix_first"},
    {"att.time_decay", "time_mix_decay"},
    {"att.time_maa_x", "time_mix_lerp_x"},
    {"att.time_maa_w", "time_mix_w"},
    {"att.", "time_mix_"},
    {"ffn.time_maa_", "channel_mix_lerp_"},
    {"ffn.x_k", "channel_mix_lerp_k"},
    {"ffn.", "channel_mix_"},
};

std::string Planner::renamed(StringRef name) const {
  StringRef stem = name, kind = ".weight";
  if (stem.consume_back(".bias"))
    kind = ".bias";
  else
    stem.consume_back(".weight");
  for (Rename rename : kWhole)
    if (stem == rename.from)
      return (llvm::Twine(rename.to) + kind).str();
  auto [layer, rest] = stem.drop_front(StringRef("blocks.").size()).split('.');
  for (Rename rename : kInLayer)
    if (rest.consume_front(rename.from))
      return ("blk." + layer + "." + rename.to + rest + kind).str();
  return name.str();
}

/// A factor of v7's or v6's, as att.w1, att.time_decay_w2 and att.time_maa_w1.
static bool isLora(StringRef name) {
  for (StringRef end : {".w1", ".w2", ".a1", ".a2", ".v1", ".v2", ".g1", ".g2", "_w1", "_w2"})
    if (name.ends_with(end))
      return true;
  return false;
}

/// `name` is llama.cpp's.
DType Planner::typeOf(StringRef name, llvm::ArrayRef<int64_t> shape) const {
  name.consume_back(".weight");
  if (shape.size() < 2 || name.ends_with("time_mix_first") || name.ends_with("_w1") || name.ends_with("_w2"))
    return DType::F32;
  for (StringRef lora : {"_a1", "_a2", "_v1", "_v2", "_g1", "_g2"})
    if (name.ends_with(lora))
      return blockElements(type) == 1 ? type : DType::F16;
  if (name == "output" && type == DType::Q4_0)
    return shape.back() % blockElements(DType::Q6_K) == 0 ? DType::Q6_K : DType::Q8_0;
  return type;
}

void Planner::addLora(const SynthTensor &tensor, const std::string &name) {
  llvm::SmallVector<int64_t, 4> shape = tensor.shape;
  std::swap(shape[shape.size() - 1], shape[shape.size() - 2]);
  tensors.push_back({{name, typeOf(name, shape), shape}, {{&tensor, /*turned=*/true}}});
}

/// Collects the mixes of a layer, which come one after the other, in one tensor [mixes, 1, 1, C].
void Planner::addMix(const SynthTensor &tensor, const std::string &block) {
  std::string fused = block + "time_mix_lerp_fused.weight";
  if (tensors.empty() || tensors.back().stored.name != fused)
    tensors.push_back({{fused, DType::F32, {0, 1, 1, model.channels}}, {}});
  tensors.back().parts.push_back({&tensor});
  ++tensors.back().stored.shape[0];
}

void Planner::add(const SynthTensor &tensor) {
  StringRef name = tensor.name;
  std::string to = renamed(name);
  auto [front, letter] = name.rsplit('_');
  if ((front.ends_with("att.x") || front.ends_with("att.time_maa")) && letter.size() == 1 && letter != "x")
    return addMix(tensor, to.substr(0, to.find("time_mix")));
  bool first = seven && name.starts_with("blocks.0.att.a") && llvm::isDigit(name.back());
  std::string unused = first ? StringRef(to).rsplit('a').first.str() + "v" + name.back() + ".weight" : "";
  for (const std::string &each : {to, unused}) {
    if (each.empty())
      continue;
    if (isLora(name)) {
      addLora(tensor, each);
      continue;
    }
    llvm::SmallVector<int64_t, 4> shape = squeezedShape(tensor.shape);
    if (name.ends_with(".r_k"))
      shape = {model.channels};
    tensors.push_back({{each, typeOf(each, shape), shape}, {{&tensor}}});
  }
}

std::vector<PlannedTensor> Planner::plan() {
  for (const SynthTensor &tensor : model.tensors)
    add(tensor);
  return std::move(tensors);
}

llvm::Expected<SynthPlan> rwkvc::planGguf(const SynthModel &model, DType type, uint64_t seed) {
  if (model.version != "6" && model.version != "7")
    return refuse("there are .gguf files of RWKV-6 and 7 only, not of RWKV-" + model.version);
  SynthPlan plan;
  plan.tensors = Planner(model, type).plan();
  plan.layout = ggufLayout(plan.stored(), ggufMetadata(model, type, seed));
  return plan;
}
