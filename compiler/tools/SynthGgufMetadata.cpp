//===- SynthGgufMetadata.cpp - The pairs that llama.cpp asks a file for ---===//
#include "compiler/tools/SynthPlan.h"
#include "llvm/ADT/StringExtras.h"

using namespace rwkvc;

/// A vocabulary in which every byte is a token, so that any text can be encoded; the other tokens are made up.
static void addVocabulary(GgufPairs &pairs, int64_t size) {
  std::vector<std::string> texts = {"<s>"};
  std::vector<int32_t> kinds = {3}; // control
  for (int64_t id = 1; id < size; ++id) {
    texts.push_back(id <= 256 ? "\\x" + llvm::utohexstr(id - 1, /*LowerCase=*/true, /*Width=*/2)
                              : "<" + std::to_string(id) + ">");
    kinds.push_back(1); // normal
  }
  texts.resize(size);
  kinds.resize(size);
  pairs.push_back({"tokenizer.ggml.model", "rwkv"});
  pairs.push_back({"tokenizer.ggml.tokens", std::move(texts)});
  pairs.push_back({"tokenizer.ggml.token_type", std::move(kinds)});
  pairs.push_back({"tokenizer.ggml.bos_token_id", uint32_t(0)});
  pairs.push_back({"tokenizer.ggml.eos_token_id", uint32_t(0)});
}

static uint32_t fileType(DType type) {
  switch (type) {
  case DType::F32:
    return 0;
  case DType::Q4_0:
    return 2;
  case DType::Q8_0:
    return 7;
  case DType::BF16:
    return 32;
  default:
    return 1;
  }
}

GgufPairs rwkvc::ggufMetadata(const SynthModel &model, DType type, uint64_t seed) {
  std::string arch = "rwkv" + model.version;
  auto count = [](int64_t value) { return GgufValue(static_cast<uint32_t>(value)); };
  GgufPairs pairs = {{"general.architecture", arch},
                     {"general.name", "rwkvc synth, seed " + std::to_string(seed)},
                     {"general.file_type", fileType(type)},
                     {"general.quantization_version", uint32_t(2)},
                     {arch + ".context_length", uint32_t(1 << 20)},
                     {arch + ".embedding_length", count(model.channels)},
                     {arch + ".block_count", count(model.layers)},
                     {arch + ".feed_forward_length", count(model.ffnWidth)},
                     {arch + ".attention.head_count", uint32_t(0)},
                     {arch + ".attention.layer_norm_epsilon", 1e-5f},
                     {arch + ".wkv.head_size", count(model.headSize)}};
  if (model.version == "6") {
    pairs.push_back({arch + ".rescale_every_n_layers", uint32_t(0)});
    pairs.push_back({arch + ".time_mix_extra_dim", count(model.rateRank)});
    pairs.push_back({arch + ".time_decay_extra_dim", count(model.decayRank)});
  } else {
    pairs.push_back({arch + ".attention.decay_lora_rank", count(model.decayRank)});
    pairs.push_back({arch + ".attention.iclr_lora_rank", count(model.rateRank)});
    pairs.push_back({arch + ".attention.value_residual_mix_lora_rank", count(model.valueRank)});
    pairs.push_back({arch + ".attention.gate_lora_rank", count(model.gateRank)});
  }
  addVocabulary(pairs, model.vocabulary);
  return pairs;
}
