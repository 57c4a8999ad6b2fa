//===- SynthModel.cpp - Names, shapes and statistics of releases ----------===//
//
// One function a version, in the order of its released files. Matrices are normal with a standard
// deviation of 1/sqrt(inputs), so that outputs are about as large as inputs.
//
//===----------------------------------------------------------------------===//
#include "compiler/tools/SynthModel.h"
#include "frontends/Files/Refusal.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <cmath>

using namespace rwkvc;

namespace {

struct Release {
  const char *version, *size, *alias; // the alias is another name for the same model, or null
  int64_t layers, channels;
  int64_t decayRank, rateRank, valueRank, gateRank; // v7's LoRAs; v6: decayRank, and rateRank for the mixes
};

class Builder {
public:
  Builder(const Release &release, const SynthChanges &changes)
      : release(release), changes(changes), C(changes.channels ? changes.channels : release.channels),
        layers(changes.layers ? changes.layers : release.layers), vocabulary(changes.vocabulary) {
    if (!vocabulary)
      vocabulary = is("4") ? 50277 : 65536; // the Pile's and the World's tokenizers
  }
  SynthModel build();

private:
  void add(const llvm::Twine &name, llvm::ArrayRef<int64_t> shape, Distribution distribution);
  void matrix(const llvm::Twine &name, int64_t outputs, int64_t inputs);
  void norm(const llvm::Twine &name);
  void vectors(const llvm::Twine &prefix, llvm::ArrayRef<const char *> names, Distribution distribution);
  void loras(const std::string &prefix, llvm::StringRef name, int64_t rank, float gain);
  void timeMix4(const std::string &att);
  void timeMix5(const std::string &att);
  void timeMix6(const std::string &att);
  void timeMix7(const std::string &att, bool first);
  void channelMix(const std::string &ffn);
  float keyShift() const;

  bool is(llvm::StringRef version) const { return version == release.version; }
  int64_t width() const { return is("4") || is("7") ? 4 * C : C * 7 / 2 / 32 * 32; }

  const Release &release;
  const SynthChanges changes;
  const int64_t C, N = 64; // channels, channels per head
  int64_t layers, vocabulary;
  std::vector<SynthTensor> tensors;
};

} // namespace

static constexpr Release releases[] = {
    {"4", "0.1b", "169m", 12, 768, 0, 0, 0, 0},        {"4", "0.4b", "430m", 24, 1024, 0, 0, 0, 0},
    {"4", "1.5b", nullptr, 24, 2048, 0, 0, 0, 0},      {"4", "3b", "2.9b", 32, 2560, 0, 0, 0, 0},
    {"4", "7b", "7.2b", 32, 4096, 0, 0, 0, 0},         {"5.2", "0.4b", nullptr, 24, 1024, 0, 0, 0, 0},
    {"5.2", "1.5b", nullptr, 24, 2048, 0, 0, 0, 0},    {"5.2", "3b", "2.9b", 32, 2560, 0, 0, 0, 0},
    {"5.2", "7b", "7.2b", 32, 4096, 0, 0, 0, 0},       {"6", "1.6b", "1.5b", 24, 2048, 64, 32, 0, 0},
    {"6", "3b", "2.9b", 32, 2560, 64, 32, 0, 0},       {"6", "7b", "7.2b", 32, 4096, 128, 64, 0, 0},
    {"7", "0.1b", nullptr, 12, 768, 64, 64, 32, 128},  {"7", "0.4b", nullptr, 24, 1024, 64, 64, 32, 128},
    {"7", "1.5b", nullptr, 24, 2048, 96, 96, 64, 256}, {"7", "2.9b", "3b", 32, 2560, 96, 96, 64, 320},
    {"7", "7.2b", "7b", 32, 4096, 128, 128, 96, 480},
};

int64_t SynthTensor::elements() const {
  int64_t product = 1;
  for (int64_t extent : shape)
    product *= extent;
  return product;
}

static constexpr Distribution mixes = {Distribution::Uniform, 0.0f, 1.0f};

void Builder::add(const llvm::Twine &name, llvm::ArrayRef<int64_t> shape, Distribution distribution) {
  tensors.push_back({name.str(), llvm::SmallVector<int64_t, 4>(shape), distribution});
}

void Builder::matrix(const llvm::Twine &name, int64_t outputs, int64_t inputs) {
  add(name + ".weight", {outputs, inputs}, {Distribution::Normal, 0.0f, 1.0f / std::sqrt(float(inputs))});
}

void Builder::norm(const llvm::Twine &name) {
  add(name + ".weight", {C}, {Distribution::Normal, 1.0f, 0.1f});
  add(name + ".bias", {C}, {Distribution::Normal, 0.0f, 0.05f});
}

void Builder::vectors(const llvm::Twine &prefix, llvm::ArrayRef<const char *> names, Distribution distribution) {
  for (const char *name : names)
    add(prefix + name, {1, 1, C}, distribution);
}

/// Two factors of a matrix: inputs first, as these tensors are used without a transposition.
void Builder::loras(const std::string &prefix, llvm::StringRef name, int64_t rank, float gain) {
  add(prefix + name + "1", {C, rank}, {Distribution::Normal, 0.0f, 1.0f / std::sqrt(float(C))});
  add(prefix + name + "2", {rank, C}, {Distribution::Normal, 0.0f, gain / std::sqrt(float(rank))});
}

void Builder::timeMix4(const std::string &att) {
  add(att + "time_decay", {C}, {Distribution::Uniform, -5.0f, 3.0f});
  add(att + "time_first", {C}, {Distribution::Normal, -1.2f, 0.5f});
  vectors(att, {"time_mix_k", "time_mix_v", "time_mix_r"}, mixes);
  for (const char *name : {"key", "value", "receptance", "output"})
    matrix(att + name, C, C);
}

void Builder::timeMix5(const std::string &att) {
  vectors(att, {"time_mix_k", "time_mix_v", "time_mix_r", "time_mix_g"}, mixes);
  add(att + "time_decay", {C / N, N}, {Distribution::Uniform, -6.0f, -1.0f});
  add(att + "time_faaaa", {C / N, N}, {Distribution::Normal, 0.5f, 0.3f});
  for (const char *name : {"receptance", "key", "value", "output", "gate"})
    matrix(att + name, C, C);
  norm(att + "ln_x");
}

void Builder::timeMix6(const std::string &att) {
  vectors(att, {"time_maa_x", "time_maa_w", "time_maa_k", "time_maa_v", "time_maa_r", "time_maa_g"}, mixes);
  int64_t rank = release.rateRank;
  add(att + "time_maa_w1", {C, 5 * rank}, {Distribution::Normal, 0.0f, 1.0f / std::sqrt(float(C))});
  add(att + "time_maa_w2", {5, rank, C}, {Distribution::Normal, 0.0f, 0.2f / std::sqrt(float(rank))});
  add(att + "time_decay", {1, 1, C}, {Distribution::Uniform, -6.0f, -1.0f});
  loras(att, "time_decay_w", release.decayRank, 0.5f);
  add(att + "time_faaaa", {C / N, N}, {Distribution::Normal, 0.5f, 0.3f});
  for (const char *name : {"receptance", "key", "value", "output", "gate"})
    matrix(att + name, C, C);
  norm(att + "ln_x");
}

void Builder::timeMix7(const std::string &att, bool first) {
  vectors(att, {"x_r", "x_w", "x_k", "x_v", "x_a", "x_g"}, mixes);
  vectors(att, {"w0"}, {Distribution::Uniform, -6.5f, -1.5f});
  loras(att, "w", release.decayRank, 0.5f);
  vectors(att, {"a0"}, {Distribution::Normal, 0.0f, 0.5f});
  loras(att, "a", release.rateRank, 0.5f);
  if (!first) { // layer 0 has no other layer's value to mix with
    vectors(att, {"v0"}, {Distribution::Normal, 0.7f, 0.3f});
    loras(att, "v", release.valueRank, 0.5f);
  }
  loras(att, "g", release.gateRank, 2.0f); // twice, as a sigmoid halves what it multiplies
  vectors(att, {"k_k"}, {Distribution::Normal, 0.85f, 0.1f});
  vectors(att, {"k_a"}, {Distribution::Normal, 1.0f, 0.1f});
  add(att + "r_k", {C / N, N}, {Distribution::Normal, 0.0f, 0.1f});
  for (const char *name : {"receptance", "key", "value", "output"})
    matrix(att + name, C, C);
  norm(att + "ln_x");
}

// Inputs of channel mix are moved up by this, and its keys down a little: that moves every product down alike.
static constexpr float kInputShift = 0.25f;

/// Products are normal; where the asked share of them lies below zero, by bisection.
float Builder::keyShift() const {
  double low = 0, high = 8;
  for (int i = 0; i < 60; ++i) {
    double middle = (low + high) / 2;
    (std::erfc(-middle / std::sqrt(2.0)) / 2 < changes.zeros ? low : high) = middle;
  }
  // Two different tokens' rows are mixed by shares from 0 to 1, which leaves 2/3 of their variance.
  double deviation = std::sqrt(2.0 / 3 * 1.0125 + kInputShift * kInputShift);
  return static_cast<float>(low * deviation / (static_cast<double>(C) * kInputShift));
}

void Builder::channelMix(const std::string &ffn) {
  if (is("7"))
    vectors(ffn, {"x_k"}, mixes);
  else if (is("6"))
    vectors(ffn, {"time_maa_k", "time_maa_r"}, mixes);
  else
    vectors(ffn, {"time_mix_k", "time_mix_r"}, mixes);
  matrix(ffn + "key", width(), C);
  if (changes.zeros)
    tensors.back().distribution.first = -keyShift();
  if (!is("7"))
    matrix(ffn + "receptance", C, C);
  matrix(ffn + "value", C, width());
}

SynthModel Builder::build() {
  add("emb.weight", {vocabulary, C}, {Distribution::Normal, 0.0f, 1.0f});
  for (int64_t layer = 0; layer < layers; ++layer) {
    std::string block = "blocks." + std::to_string(layer) + ".", att = block + "att.";
    if (layer == 0)
      norm(block + "ln0");
    norm(block + "ln1");
    norm(block + "ln2");
    if (changes.zeros)
      tensors.back().distribution.first = kInputShift;
    if (is("4"))
      timeMix4(att);
    else if (is("5.2"))
      timeMix5(att);
    else if (is("6"))
      timeMix6(att);
    else
      timeMix7(att, layer == 0);
    channelMix(block + "ffn.");
  }
  norm("ln_out");
  matrix("head", vocabulary, C);
  return {release.version,
          layers,
          C,
          vocabulary,
          N,
          width(),
          release.decayRank,
          release.rateRank,
          release.valueRank,
          release.gateRank,
          std::move(tensors)};
}

/// Bounds keep every product of sizes far from overflow.
static llvm::Error checkChanges(const SynthChanges &changes) {
  if (changes.layers < 0 || changes.layers > 1000)
    return refuse("--layers is " + llvm::Twine(changes.layers) + ", but must be 1 to 1000");
  if (changes.channels < 0 || changes.channels > 65536 || changes.channels % 64 != 0)
    return refuse("--channels is " + llvm::Twine(changes.channels) + ", but must be a multiple of 64 up to 65536");
  if (changes.vocabulary < 0 || changes.vocabulary > 1 << 20)
    return refuse("--vocabulary is " + llvm::Twine(changes.vocabulary) + ", but must be 1 to 1048576");
  // Written so that a NaN is refused.
  if (changes.zeros != 0 && !(changes.zeros >= 0.5 && changes.zeros <= 0.999))
    return refuse("--zeros is " + llvm::Twine(std::to_string(changes.zeros)) + ", but must be 0.5 to 0.999");
  return llvm::Error::success();
}

llvm::Expected<SynthModel> rwkvc::synthModel(llvm::StringRef version, llvm::StringRef size,
                                             const SynthChanges &changes) {
  if (llvm::Error error = checkChanges(changes))
    return std::move(error);
  std::string released;
  for (const Release &release : releases) {
    if (version != release.version)
      continue;
    if (size.equals_insensitive(release.size) || (release.alias && size.equals_insensitive(release.alias)))
      return Builder(release, changes).build();
    released += (released.empty() ? "" : ", ") + std::string(release.size);
  }
  if (released.empty())
    return refuse("there is no version " + quoted(version) + " to imitate, only 4, 5.2, 6 and 7");
  return refuse("RWKV-" + version + " was not released in size " + quoted(size) + ", only in " + released);
}
