//===- TinyCheckpoint.cpp - Checkpoints made in memory --------------------===//
#include "TinyCheckpoint.h"
#include <numeric>

using namespace rwkvc;
using llvm::ArrayRef;
using llvm::StringRef;

static constexpr int64_t C = 32, H = 4, N = 8, F = 40, V = 12;

void TinyCheckpoint::add(const std::string &name, ArrayRef<int64_t> shape) {
  std::vector<float> values(std::accumulate(shape.begin(), shape.end(), int64_t(1), std::multiplies<>()));
  for (float &value : values)
    value = ++next;
  add(name, shape, values);
}

void TinyCheckpoint::add(const std::string &name, ArrayRef<int64_t> shape, std::vector<float> values) {
  storage.push_back(std::make_shared<std::vector<float>>(std::move(values)));
  const auto *data = reinterpret_cast<const std::byte *>(storage.back()->data());
  checkpoint.tensors[name] = TensorView::dense(data, DType::F32, shape);
}

std::vector<float> TinyCheckpoint::values(const std::string &name) const {
  const TensorView &view = checkpoint.tensors.find(name)->second;
  std::vector<float> result(view.elements());
  view.readRow(0, result);
  return result;
}

static void addNorm(TinyCheckpoint &tiny, const std::string &name) {
  tiny.add(name + ".weight", {C});
  tiny.add(name + ".bias", {C});
}

static TinyCheckpoint frame() {
  TinyCheckpoint tiny;
  tiny.checkpoint.container = "safetensors";
  tiny.add("emb.weight", {V, C});
  tiny.add("head.weight", {V, C});
  addNorm(tiny, "ln_out");
  addNorm(tiny, "blocks.0.ln0");
  for (std::string block : {"blocks.0.", "blocks.1."}) {
    addNorm(tiny, block + "ln1");
    addNorm(tiny, block + "ln2");
    for (const char *name : {"key", "value", "receptance", "output"})
      tiny.add(block + "att." + name + ".weight", {C, C});
    tiny.add(block + "ffn.key.weight", {F, C});
    tiny.add(block + "ffn.value.weight", {C, F});
  }
  return tiny;
}

static void addVectors(TinyCheckpoint &tiny, const std::string &prefix, StringRef letters) {
  for (char letter : letters)
    tiny.add(prefix + letter, {1, 1, C});
}

TinyCheckpoint tinyRwkv4() {
  TinyCheckpoint tiny = frame();
  for (std::string block : {"blocks.0.", "blocks.1."}) {
    tiny.add(block + "att.time_decay", {C});
    tiny.add(block + "att.time_first", {C});
    addVectors(tiny, block + "att.time_mix_", "kvr");
    addVectors(tiny, block + "ffn.time_mix_", "kr");
    tiny.add(block + "ffn.receptance.weight", {C, C});
  }
  return tiny;
}

TinyCheckpoint tinyRwkv5(StringRef version, StringRef bonus) {
  TinyCheckpoint tiny = frame();
  llvm::SmallVector<int64_t> heads =
      version == "5.2" ? llvm::SmallVector<int64_t>{H, N} : llvm::SmallVector<int64_t>{H};
  for (std::string block : {"blocks.0.", "blocks.1."}) {
    tiny.add(block + "att.time_decay", heads);
    tiny.add(block + "att." + bonus.str(), heads);
    addVectors(tiny, block + "att.time_mix_", version == "5.0" ? "kvr" : "kvrg");
    addVectors(tiny, block + "ffn.time_mix_", "kr");
    addNorm(tiny, block + "att.ln_x");
    if (version != "5.0")
      tiny.add(block + "att.gate.weight", {C, C});
    tiny.add(block + "ffn.receptance.weight", {C, C});
  }
  return tiny;
}

TinyCheckpoint tinyRwkv6() {
  TinyCheckpoint tiny = frame();
  for (std::string block : {"blocks.0.", "blocks.1."}) {
    addVectors(tiny, block + "att.time_maa_", "xwkvrg");
    tiny.add(block + "att.time_maa_w1", {C, 5 * 3});
    tiny.add(block + "att.time_maa_w2", {5, 3, C});
    tiny.add(block + "att.time_decay", {1, 1, C});
    tiny.add(block + "att.time_decay_w1", {C, 7});
    tiny.add(block + "att.time_decay_w2", {7, C});
    tiny.add(block + "att.time_faaaa", {H, N});
    addNorm(tiny, block + "att.ln_x");
    tiny.add(block + "att.gate.weight", {C, C});
    addVectors(tiny, block + "ffn.time_maa_", "kr");
    tiny.add(block + "ffn.receptance.weight", {C, C});
  }
  return tiny;
}

TinyCheckpoint tinyRwkv7() {
  TinyCheckpoint tiny = frame();
  for (std::string block : {"blocks.0.", "blocks.1."}) {
    addVectors(tiny, block + "att.x_", "rwkvag");
    int64_t rank = 3;
    for (std::string lora : {"w", "a", "v", "g"}) {
      if (lora != "g")
        tiny.add(block + "att." + lora + "0", {1, 1, C});
      tiny.add(block + "att." + lora + "1", {C, rank});
      tiny.add(block + "att." + lora + "2", {rank, C});
      rank += 2;
    }
    tiny.add(block + "att.k_k", {1, 1, C});
    tiny.add(block + "att.k_a", {1, 1, C});
    tiny.add(block + "att.r_k", {H, N});
    addNorm(tiny, block + "att.ln_x");
    tiny.add(block + "ffn.x_k", {1, 1, C});
  }
  return tiny;
}
