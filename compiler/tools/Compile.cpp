//===- Compile.cpp - rwkvc compile: from a checkpoint to a module ---------===//
#include "compiler/Backends/Backends.h"
#include "compiler/Backends/Halide/RunProgram.h"
#include "compiler/Passes/TuningRecord.h"
#include "compiler/Pipeline/CompileModel.h"
#include "compiler/tools/Calibrate.h"
#include "compiler/tools/Progress.h"
#include "compiler/tools/Tokenizer.h"
#include "compiler/tools/Verbs.h"
#include "dialects/Quant/Mixture.h"
#include "dialects/Quant/WeightClass.h"
#include "frontends/Models/Models.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include <CLI/CLI.hpp>
#include <chrono>
#include <cmath>
#include <memory>

using namespace rwkvc;

namespace {
struct Options {
  std::string checkpoint, output, printAfter;
  std::string weights = "stored", activations = "auto", backend = PhaseOptions().backend, cpu = "native", tokenizer, calibration;
  std::string schedules = PhaseOptions().schedules, autoscheduler;
  std::optional<double> groupNormEps;
  double zeros = PhaseOptions().zeros;
  int64_t maxRows = PhaseOptions().maxRows;
};
} // namespace

static llvm::Error checkOptions(const Options &options) {
  if (options.output.empty() == options.printAfter.empty())
    return llvm::createStringError("compile needs either -o FILE or --print-after PHASE; see rwkvc compile --help");
  if (options.groupNormEps && !(*options.groupNormEps > 0 && std::isfinite(*options.groupNormEps)))
    return llvm::createStringError("--group-norm-eps must be a positive number");
  if (llvm::Expected<weight::Mixture> mixture = weight::Mixture::parse(options.weights); !mixture)
    return llvm::createStringError("--weights: " + llvm::toString(mixture.takeError()));
  if (options.backend != "auto" && !findBackend(options.backend))
    return llvm::createStringError("--backend: there is no backend '" + options.backend + "', only auto, " +
                                   backendNames());
  if (options.backend == "halide" && !halide_backend::hasProgram())
    return llvm::createStringError("--backend: there is no rwkvc-halide beside rwkvc, which was built without Halide");
  if (options.schedules != "default" && options.schedules != "none")
    if (llvm::Expected<TuningRecords> records = readRecords(options.schedules); !records)
      return llvm::createStringError("--schedules: " + llvm::toString(records.takeError()));
  return options.printAfter.empty() ? llvm::Error::success() : checkPrintable(options.printAfter);
}

static llvm::Error compile(const Options &options) {
  if (llvm::Error error = checkOptions(options))
    return error;
  llvm::Expected<Target> target = resolveTarget(options.cpu);
  if (!target)
    return target.takeError();
  auto start = std::chrono::steady_clock::now();

  llvm::Expected<Checkpoint> checkpoint = openCheckpoint(options.checkpoint);
  if (!checkpoint)
    return checkpoint.takeError();
  llvm::Expected<Model> model = recogniseModel(*checkpoint);
  if (!model)
    return model.takeError();
  // The text of a phase is read by people, and a vocabulary would be most of it.
  llvm::Expected<std::string> tokenizer =
      options.printAfter.empty() ? tokenizerFor(options.tokenizer, *checkpoint, model->info) : std::string();
  if (!tokenizer)
    return tokenizer.takeError();
  // Nor does it show how weights are rounded.
  std::vector<int32_t> tokens;
  if (!options.calibration.empty() && options.printAfter.empty()) {
    auto read = readCalibrationTokens(options.calibration, *model, options.weights);
    if (!read)
      return read.takeError();
    tokens = std::move(*read);
  }
  BuildOptions build{options.groupNormEps};
  mlir::MLIRContext context;
  prepareContext(context);
  auto program = buildModel(context, *model, build);
  if (!program)
    return program.takeError();

  PhaseOptions phases{.target = *target,
                      .weights = options.weights,
                      .activations = options.activations,
                      .backend = options.backend,
                      .schedules = options.schedules,
                      .autoscheduler = options.autoscheduler,
                      .zeros = options.zeros,
                      .maxRows = options.maxRows};
  if (!options.printAfter.empty())
    return printAfter(**program, options.printAfter, phases, llvm::outs());

  if (!tokenizer->empty())
    (**program)->setAttr("rwkv.tokenizer", mlir::StringAttr::get(&context, *tokenizer));
  llvm::Expected<CompiledModel> compiled = [&]() -> llvm::Expected<CompiledModel> {
    Progress progress;
    auto release = [&](llvm::ArrayRef<std::byte> bytes) { checkpoint->release(bytes); };
    auto show = [&](llvm::StringRef what, uint64_t done, uint64_t total) { progress.show(what, done, total); };
    llvm::Expected<weight::MomentsTable> moments = weight::MomentsTable();
    if (!tokens.empty())
      moments = observeInputs(*model, build, {tokens, options.output, release, show});
    if (!moments)
      return moments.takeError();
    return compileModel(**program, model->tensors, {phases, options.output, *moments, release, show});
  }();
  if (!compiled)
    return compiled.takeError();
  double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  llvm::errs() << options.output << ": " << model->info.architecture << " for " << target->cpu << ", "
               << bytesText(compiled->bytes)
               << (tokens.empty() ? "" : ", calibrated over " + std::to_string(tokens.size()) + " tokens,") << " in "
               << llvm::format("%.1f", seconds) << " s\n";
  if (!compiled->quantised.empty())
    llvm::errs() << "matrices that are quantised in the checkpoint: " << compiled->quantised << '\n';
  return llvm::Error::success();
}

void rwkvc::addCompile(CLI::App &app) {
  auto options = std::make_shared<Options>();
  CLI::App *verb = app.add_subcommand("compile", "Compile a checkpoint into a module: code and weights in one file");
  verb->add_option("checkpoint", options->checkpoint,
                   "A .pth, .safetensors, rwkv.cpp .bin or .gguf file, or a folder with shards and their index")
      ->required()
      ->type_name("CKPT");
  verb->add_option("-o,--output", options->output, "The module to write")->type_name("FILE");
  verb->add_option("--weights", options->weights,
                   "Format of the matrices: stored, " + weight::formatNames() +
                       "; then CLASS=FORMAT for those that differ. Classes: " + weight::classNames())
      ->capture_default_str()
      ->type_name("FORMAT,...");
  verb->add_option("--calibration", options->calibration,
                   "A text that the model is run over, as decimal ids separated by white space: matrices in q8 and q4 "
                   "are then rounded so that errors of their weights make up for each other")
      ->type_name("FILE");
  verb->add_option("--tokenizer", options->tokenizer,
                   "A vocabulary to embed, bytes, or none; default: a gguf file's own, if it has one")
      ->type_name("FILE");
  verb->add_option("--activations", options->activations,
                   "What weights are multiplied with: f32, or auto, which rounds to bf16 or integers of 8 bits where "
                   "the CPU multiplies these faster, and least for a single row")
      ->check(CLI::IsMember({"auto", "f32"}))
      ->capture_default_str()
      ->type_name("KIND");
  verb->add_option("--backend", options->backend,
                   "Who makes the code of kernels: " + backendNames() +
                       ", each where it does not refuse; or auto, the fastest for each kernel, whatever the module then needs "
                       "where it runs")
      ->capture_default_str()
      ->type_name("NAME");
  verb->add_option("--halide-autoscheduler", options->autoscheduler,
                   "What schedules Halide's pipelines, instead of the kernels' own schedules")
      ->check(CLI::IsMember({"Mullapudi2016", "Li2018", "Adams2019"}))
      ->type_name("NAME");
  verb->add_option("--schedules", options->schedules,
                   "Records of rwkvc tune; default: those that come with the compiler, where it has some for the CPU; none "
                   "to compute every schedule")
      ->capture_default_str()
      ->type_name("FILE");
  verb->add_option("--zeros", options->zeros,
                   "The share of zeros to expect in channel mix's squared relu [0]; where there are enough, their weights "
                   "are not read")
      ->check(CLI::Range(0.0, 1.0))
      ->type_name("SHARE");
  verb->add_option("--target-cpu", options->cpu, "The CPU that runs the module: native, or LLVM's name of it")
      ->capture_default_str()
      ->type_name("NAME");
  verb->add_option("--group-norm-eps", options->groupNormEps, "Instead of 64e-5, for RWKV-5 files made with 1e-5")
      ->type_name("X");
  verb->add_option("--max-rows", options->maxRows, "Most token rows in one step; longer prompts take several")
      ->check(CLI::Range(1, 65536))
      ->capture_default_str()
      ->type_name("N");
  std::string names = llvm::join(llvm::map_range(phases(), [](const Phase &phase) { return phase.name.str(); }), ", ");
  verb->add_option("--print-after", options->printAfter,
                   "Stop and print the program after " + names + ", asm or halide-stmt")
      ->type_name("PHASE");
  verb->footer("Example:\n  rwkvc compile model.pth -o model.so --weights=bf16 --target-cpu=native");
  verb->callback([options] {
    if (llvm::Error error = compile(*options))
      fail(std::move(error));
  });
}
