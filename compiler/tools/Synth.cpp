//===- Synth.cpp - rwkvc synth: random weights of a released shape --------===//
//
// Every value is a function of seed, tensor name and index alone, so the same file comes out
// however it is produced. One piece of one tensor is in memory at a time.
//
//===----------------------------------------------------------------------===//
#include "compiler/tools/Progress.h"
#include "compiler/tools/SynthModel.h"
#include "compiler/tools/Verbs.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Support/xxhash.h"
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

using namespace rwkvc;

namespace {
struct SynthOptions {
  std::string version, size, output;
  uint64_t seed = 1;
};
} // namespace

/// A bijection of 64 bits that scatters consecutive numbers (the finaliser of SplitMix64).
static uint64_t scatter(uint64_t bits) {
  bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9ull;
  bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebull;
  return bits ^ (bits >> 31);
}

/// Rounds to nearest even; the values here are finite.
static uint16_t toBF16(float value) {
  uint32_t bits = llvm::bit_cast<uint32_t>(value);
  return static_cast<uint16_t>((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

/// Elements `first` and on of the tensor with key `key`.
static void fill(llvm::MutableArrayRef<uint16_t> out, uint64_t key, uint64_t first, Distribution distribution) {
  constexpr uint64_t step = 0x9e3779b97f4a7c15ull;
  uint64_t counter = key + first * step;
  if (distribution.kind == Distribution::Uniform) {
    float scale = (distribution.second - distribution.first) * 0x1p-24f;
    for (uint16_t &element : out)
      element = toBF16(distribution.first + scale * float(scatter(counter += step) >> 40));
    return;
  }
  // The sum of four 16-bit numbers is close to normal, has mean 131070 and deviation 65536 / sqrt(3).
  float scale = distribution.second * (1.7320508f / 65536.0f);
  for (uint16_t &element : out) {
    uint64_t bits = scatter(counter += step);
    int32_t sum =
        int32_t(bits & 0xffff) + int32_t(bits >> 16 & 0xffff) + int32_t(bits >> 32 & 0xffff) + int32_t(bits >> 48);
    element = toBF16(distribution.first + scale * float(sum - 131070));
  }
}

static llvm::Error writeTensor(SafetensorsWriter &writer, const SynthTensor &tensor, uint64_t seed,
                               llvm::function_ref<void(uint64_t)> progress) {
  constexpr int64_t piece = 1 << 20; // elements
  std::vector<uint16_t> buffer;
  uint64_t key = scatter(seed ^ llvm::xxh3_64bits(tensor.description.name));
  int64_t elements = TensorView::dense(nullptr, DType::BF16, tensor.description.shape).elements();
  for (int64_t first = 0; first < elements; first += piece) {
    buffer.resize(std::min(piece, elements - first));
    fill(buffer, key, first, tensor.distribution);
    llvm::ArrayRef<std::byte> bytes(reinterpret_cast<const std::byte *>(buffer.data()), buffer.size() * 2);
    if (llvm::Error error = writer.write(bytes))
      return error;
    progress(bytes.size());
  }
  return llvm::Error::success();
}

static llvm::Error synth(const SynthOptions &options) {
  llvm::Expected<std::vector<SynthTensor>> tensors = synthModel(options.version, options.size);
  if (!tensors)
    return tensors.takeError();
  std::vector<TensorDescription> descriptions;
  uint64_t parameters = 0;
  for (const SynthTensor &tensor : *tensors) {
    descriptions.push_back(tensor.description);
    parameters += TensorView::dense(nullptr, DType::BF16, tensor.description.shape).elements();
  }
  llvm::Expected<SafetensorsWriter> writer = SafetensorsWriter::create(
      options.output, descriptions,
      {{"format", "pt"}, {"seed", std::to_string(options.seed)}, {"written_by", "rwkvc synth"}});
  if (!writer)
    return writer.takeError();
  {
    Progress progress;
    uint64_t done = 0;
    auto advance = [&](uint64_t bytes) { progress.show("writing weights", done += bytes, 2 * parameters); };
    for (const SynthTensor &tensor : *tensors)
      if (llvm::Error error = writeTensor(*writer, tensor, options.seed, advance))
        return error;
  }
  if (llvm::Error error = writer->finish())
    return error;
  llvm::outs() << options.output << ": " << tensors->size() << " random tensors, "
               << llvm::format("%.3f", parameters / 1e9) << " billion parameters, " << bytesText(2 * parameters)
               << '\n';
  return llvm::Error::success();
}

void rwkvc::addSynth(CLI::App &app) {
  auto options = std::make_shared<SynthOptions>();
  CLI::App *verb = app.add_subcommand("synth", "Write random weights in a released model's names and shapes");
  verb->add_option("--version", options->version, "RWKV version: 4, 5.2, 6 or 7")->required()->type_name("V");
  verb->add_option("--size", options->size, "A size that the version was released in, such as 0.1b or 1.5b")
      ->required()
      ->type_name("SIZE");
  verb->add_option("-o,--output", options->output, "The .safetensors file to write")->required()->type_name("FILE");
  verb->add_option("--seed", options->seed, "Another seed gives other weights")->capture_default_str()->type_name("N");
  verb->footer("Example:\n  rwkvc synth --version 7 --size 0.4b -o random.safetensors");
  verb->callback([options] {
    if (llvm::Error error = synth(*options))
      fail(std::move(error));
  });
}
