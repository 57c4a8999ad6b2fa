//===- Synth.cpp - rwkvc synth: random weights of a released shape --------===//
//
// One seed gives the same weights in every container, so that programs that read different ones can
// be compared. One piece of one tensor is in memory at a time; only small tensors are turned.
//
//===----------------------------------------------------------------------===//
#include "compiler/tools/Progress.h"
#include "compiler/tools/SynthPlan.h"
#include "compiler/tools/SynthValues.h"
#include "compiler/tools/Verbs.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <memory>

using namespace rwkvc;

namespace {

struct SynthOptions {
  std::string version, size, output, type;
  SynthChanges changes;
  uint64_t seed = 1;
};

class PartWriter {
public:
  PartWriter(CheckpointWriter &writer, uint64_t seed, uint64_t total) : writer(writer), seed(seed), total(total) {}
  llvm::Error write(const SynthPart &part);

private:
  llvm::Error append(llvm::MutableArrayRef<float> values, SynthPart::Change change);

  CheckpointWriter &writer;
  const uint64_t seed, total; // elements
  uint64_t done = 0;
  Progress progress;
  std::vector<float> values, turned;
};

} // namespace

/// [..., rows, columns] as [..., columns, rows].
static void turn(llvm::ArrayRef<float> in, llvm::MutableArrayRef<float> out, int64_t rows, int64_t columns) {
  int64_t matrix = rows * columns;
  for (size_t i = 0; i < in.size(); ++i)
    out[i / matrix * matrix + i % columns * rows + i % matrix / columns] = in[i];
}

llvm::Error PartWriter::append(llvm::MutableArrayRef<float> piece, SynthPart::Change change) {
  if (change != SynthPart::None)
    for (float &value : piece) {
      double exponential = std::exp(static_cast<double>(value));
      value = static_cast<float>(change == SynthPart::NegativeExp ? -exponential : std::exp(-exponential));
    }
  progress.show("writing weights", done += piece.size(), total);
  return writer.write(piece);
}

llvm::Error PartWriter::write(const SynthPart &part) {
  constexpr int64_t most = 1 << 20; // elements at once, and whole blocks of every type
  const SynthTensor &tensor = *part.tensor;
  int64_t elements = tensor.elements(), piece = part.turned ? elements : std::min(elements, most);
  for (int64_t first = 0; first < elements; first += piece) {
    values.resize(std::min(piece, elements - first));
    synthValues(values, tensor, first, seed);
    if (part.turned) {
      turned.resize(elements);
      turn(values, turned, tensor.shape[tensor.shape.size() - 2], tensor.shape.back());
    }
    if (llvm::Error error = append(part.turned ? turned : values, part.change))
      return error;
  }
  return llvm::Error::success();
}

static llvm::Error synth(const SynthOptions &options) {
  llvm::Expected<SynthModel> model = synthModel(options.version, options.size, options.changes);
  if (!model)
    return model.takeError();
  llvm::Expected<SynthPlan> plan = planSynth(*model, options.output, options.type, options.seed);
  if (!plan)
    return plan.takeError();
  uint64_t parameters = 0, elements = 0, bytes = 0;
  for (const SynthTensor &tensor : model->tensors)
    parameters += tensor.elements();
  for (const PlannedTensor &tensor : plan->tensors) {
    elements += tensor.stored.elements();
    bytes += tensor.stored.bytes();
  }
  llvm::Expected<CheckpointWriter> writer =
      CheckpointWriter::create(options.output, plan->stored(), std::move(plan->layout));
  if (!writer)
    return writer.takeError();
  {
    PartWriter parts(*writer, options.seed, elements);
    for (const PlannedTensor &tensor : plan->tensors)
      for (const SynthPart &part : tensor.parts)
        if (llvm::Error error = parts.write(part))
          return error;
  }
  if (llvm::Error error = writer->finish())
    return error;
  llvm::outs() << options.output << ": " << plan->tensors.size() << " random tensors, "
               << llvm::format("%.3f", parameters / 1e9) << " billion parameters, " << bytesText(bytes) << '\n';
  return llvm::Error::success();
}

void rwkvc::addSynth(CLI::App &app) {
  auto options = std::make_shared<SynthOptions>();
  CLI::App *verb = app.add_subcommand("synth", "Write random weights in a released model's names and shapes");
  verb->add_option("--version", options->version, "RWKV version: 4, 5.2, 6 or 7")->required()->type_name("V");
  verb->add_option("--size", options->size, "A size that the version was released in, such as 0.1b or 1.5b")
      ->required()
      ->type_name("SIZE");
  verb->add_option("-o,--output", options->output,
                   "The file to write; as llama.cpp's if it ends in .gguf, as rwkv.cpp's if in .bin, else .safetensors")
      ->required()
      ->type_name("FILE");
  verb->add_option("--type", options->type,
                   "Of the matrices: bf16 (not in .bin), f16 or f32; q8_0 or q4_0 in .gguf and .bin")
      ->type_name("TYPE");
  verb->add_option("--layers", options->changes.layers, "Instead of the release's")->type_name("N");
  verb->add_option("--channels", options->changes.channels, "Instead of the release's")->type_name("N");
  verb->add_option("--vocabulary", options->changes.vocabulary, "Instead of the release's")->type_name("N");
  verb->add_option("--zeros", options->changes.zeros,
                   "Let channel mix's squared relu leave this share of zeros, 0.5 to 0.999 [about 0.5]")
      ->type_name("SHARE");
  verb->add_option("--seed", options->seed, "Another seed gives other weights")->capture_default_str()->type_name("N");
  verb->footer("Example:\n  rwkvc synth --version 7 --size 0.4b -o random.safetensors");
  verb->callback([options] {
    if (llvm::Error error = synth(*options))
      fail(std::move(error));
  });
}
