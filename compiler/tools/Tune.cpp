//===- Tune.cpp - rwkvc tune: schedules found by measuring ----------------===//
#include "compiler/Backends/Backends.h"
#include "compiler/Pipeline/CompileModel.h"
#include "compiler/Pipeline/OutputFile.h"
#include "compiler/Tune/MeasureKernels.h"
#include "compiler/Tune/Search.h"
#include "compiler/Tune/Table.h"
#include "compiler/tools/Progress.h"
#include "compiler/tools/Verbs.h"
#include "frontends/Models/Models.h"
#include "mlir/IR/MLIRContext.h"
#include "runtime/src/ThreadPool.h"
#include "llvm/Support/Format.h"
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

using namespace rwkvc;
using llvm::Error;
using llvm::Expected;

namespace {
struct Options {
  std::string checkpoint, records = "tune.jsonl", show, report;
  std::string weights = "stored", activations = "auto", kernels;
  int64_t rows = 512;
  double zeros = 0;
  tune::SearchOptions search{.threads = 0};
};
} // namespace

static Error search(const Options &options) {
  Expected<Target> target = resolveTarget("native");
  if (!target)
    return target.takeError();
  Expected<Checkpoint> checkpoint = openCheckpoint(options.checkpoint);
  if (!checkpoint)
    return checkpoint.takeError();
  Expected<Model> model = recogniseModel(*checkpoint);
  if (!model)
    return model.takeError();
  mlir::MLIRContext context;
  prepareContext(context);
  auto program = buildModel(context, *model, {});
  if (!program)
    return program.takeError();
  PhaseOptions phases{*target, options.weights, options.activations};
  phases.schedules = "none";
  phases.zeros = options.zeros;
  phases.skipsZeros = false;
  Expected<const Phase *> parallel = findPhase("parallel");
  if (!parallel)
    return parallel.takeError();
  if (Error error = runPhases(**program, phases, nullptr, *parallel))
    return error;

  bool dropped = false;
  Expected<tune::RecordFile> file = tune::RecordFile::open(options.records, dropped);
  if (!file)
    return file.takeError();
  if (dropped)
    llvm::errs() << "rwkvc: note: the last record of '" << options.records << "' was torn, and is dropped\n";
  tune::SearchOptions searching = options.search;
  if (!searching.threads)
    searching.threads = availableCpus();
  tune::Gains gains;
  {
    Progress progress;
    auto show = [&](llvm::StringRef what, uint64_t done, uint64_t total) { progress.show(what, done, total); };
    std::vector<tune::Task> tasks = tune::findTasks(**program, options.rows);
    llvm::erase_if(tasks, [&](const tune::Task &task) {
      return !llvm::StringRef(task.signature).contains(options.kernels);
    });
    if (tasks.empty())
      return llvm::createStringError("no kernel of the model has '" + options.kernels + "' in its name");
    tune::Search tuner(std::move(tasks), *target, *file, searching, show);
    if (Error error = tuner.run())
      return error;
    gains = tuner.gains();
  }
  llvm::errs() << options.records << ": " << file->records().size() << " records for " << target->cpu
               << llvm::format("; kernels %.3f times as fast with one row, %.3f with a few, %.3f with many\n",
                               gains.decode, gains.few, gains.prefill);
  return Error::success();
}

static Error writeReport(llvm::ArrayRef<TuningRecord> records, llvm::StringRef path) {
  std::string page;
  llvm::raw_string_ostream out(page);
  tune::printReport(records, out);
  Expected<OutputFile> file = OutputFile::create(path);
  if (!file)
    return file.takeError();
  if (Error error = file->write(llvm::ArrayRef(reinterpret_cast<const uint8_t *>(page.data()), page.size())))
    return error;
  return file->commit();
}

static Error tuneVerb(const Options &options) {
  if (options.checkpoint.empty() && options.show.empty() && options.report.empty())
    return llvm::createStringError("tune needs a checkpoint, --show or --report; see rwkvc tune --help");
  if (!options.checkpoint.empty())
    if (Error error = search(options))
      return error;
  std::string path = options.show.empty() ? options.records : options.show;
  if (options.show.empty() && options.report.empty())
    return Error::success();
  Expected<TuningRecords> read = readRecords(path);
  if (!read)
    return read.takeError();
  if (!options.show.empty())
    tune::printTable(read->records, llvm::outs());
  return options.report.empty() ? Error::success() : writeReport(read->records, options.report);
}

void rwkvc::addTune(CLI::App &app) {
  auto options = std::make_shared<Options>();
  std::vector<std::string> names;
  for (const Backend *backend : backends())
    names.push_back(backend->name.str());
  CLI::App *verb = app.add_subcommand("tune", "Find the fastest schedules of a model's kernels on this machine");
  verb->add_option("checkpoint", options->checkpoint, "What compile takes")->type_name("CKPT");
  verb->add_option("--records", options->records,
                   "Where records are, and are added: what is there already is not measured again")
      ->capture_default_str()
      ->type_name("FILE");
  verb->add_option("--weights", options->weights, "As for compile")->capture_default_str()->type_name("FORMAT,...");
  verb->add_option("--activations", options->activations, "As for compile")
      ->check(CLI::IsMember({"auto", "f32"}))
      ->capture_default_str()
      ->type_name("KIND");
  verb->add_option("--time-budget", options->search.seconds, "Seconds of searching and confirming")
      ->check(CLI::Range(1.0, 1e6))
      ->capture_default_str()
      ->type_name("S");
  verb->add_option("--trials", options->search.trials, "Most schedules that are tried of a kernel")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str()
      ->type_name("N");
  verb->add_option("--seed", options->search.seed, "Of the search's random numbers")
      ->capture_default_str()
      ->type_name("N");
  verb->add_option("--threads", options->search.threads, "Threads that share a kernel; 0 is one per CPU")
      ->check(CLI::Range(0, 1024))
      ->type_name("N");
  verb->add_option("--rows", options->rows, "What stands for many rows")
      ->check(CLI::Range(17, 65536))
      ->capture_default_str()
      ->type_name("N");
  verb->add_option("--zeros", options->zeros,
                   "As for compile: whether skipping that share of zeros pays is measured, and holds for as many")
      ->check(CLI::Range(0.0, 0.99))
      ->type_name("SHARE");
  verb->add_option("--kernels", options->kernels,
                   "Only those with this text in their names, such as rows=1. Compilations use no schedule of a weight of "
                   "which others of its kernels have none")
      ->type_name("TEXT");
  verb->add_option("--backends", options->search.backends,
                   "Whose code is tried: names of " + backendNames() + ". What oneDNN wins needs it where a module runs")
      ->check(CLI::IsMember(names))
      ->delimiter(',')
      ->capture_default_str()
      ->type_name("NAME,...");
  verb->add_flag("--no-model", options->search.isBlind,
                 "Start from a bad schedule and without a model of the CPU, to see what the search is worth. Wants a file "
                 "of its own");
  verb->add_option("--show", options->show, "Print the records of a file as a table")->type_name("FILE");
  verb->add_option("--report", options->report, "Write a page about the records, of --show or --records")
      ->type_name("FILE");
  verb->footer("Example:\n  rwkvc tune model.pth --weights=q8 --records=tune.jsonl\n"
               "  rwkvc compile model.pth --weights=q8 --schedules=tune.jsonl -o model.so");
  verb->callback([options] {
    if (Error error = tuneVerb(*options))
      fail(std::move(error));
  });
}

void rwkvc::addMeasureKernels(CLI::App &app) {
  auto options = std::make_shared<tune::MeasureOptions>();
  CLI::App *verb = app.add_subcommand("measure-kernels", "")->group(""); // hidden
  verb->add_option("--rows", options->rows)->check(CLI::Range(1, 65536));
  verb->add_option("--rounds", options->rounds)->check(CLI::Range(1, 1000));
  verb->add_option("--threads", options->threads)->check(CLI::Range(0, 1024));
  verb->add_option("--cold", options->coldBytes);
  verb->add_option("--zeros", options->zeros)->check(CLI::Range(0.0, 1.0));
  verb->add_option("--halide-autoscheduler", options->autoscheduler);
  verb->add_flag("--loose", options->isLoose);
  verb->callback([options] {
    std::string text(std::istreambuf_iterator<char>(std::cin), {});
    if (Error error = tune::measureKernels(text, *options))
      fail(std::move(error));
  });
}
