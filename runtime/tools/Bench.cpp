// rwkvc bench: how fast a compiled model runs, beside what the machine allows. Model and probes take turns within
// one call, since a machine's speed moves from minute to minute: trust the ratios.
#include "runtime/tools/BenchReport.h"
#include "runtime/tools/Caches.h"
#include "runtime/tools/Handles.h"
#include "runtime/tools/Probe.h"
#include "runtime/tools/Verbs.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <optional>
#include <unistd.h>

using namespace rwkvc;
using Clock = std::chrono::steady_clock;

namespace {

struct BenchOptions {
  std::string module;
  uint64_t decode = 0, prefill = 0, sequences = 0, mix = 0;
  unsigned threads = 0, repeat = 5;
  bool json = false;
};

double secondsSince(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

double residentMB() {
  std::ifstream file("/proc/self/statm");
  uint64_t total = 0, resident = 0;
  file >> total >> resident;
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

// The share of the weights that is mapped by huge pages: small ones cost a fifth of one thread's bandwidth.
double hugePageShare(uint64_t weightsBytes) {
  std::ifstream file("/proc/self/smaps_rollup");
  for (std::string word; file >> word;) {
    uint64_t kib;
    if (word == "FilePmdMapped:" && file >> kib)
      return std::min(1.0, static_cast<double>(kib << 10) / static_cast<double>(std::max<uint64_t>(1, weightsBytes)));
  }
  return 0;
}

// Sequences that take so many rows each; logits of every sequence's last row.
class Workload {
public:
  Workload(const rwkvc_model_t *model, const std::vector<uint64_t> &rows)
      : vocabulary(rwkvc_model_info(model)->vocabulary), firstRow(1), logits(rows.size() * vocabulary) {
    for (uint64_t count : rows) {
      owned.push_back(createState(model));
      states.push_back(owned.back().get());
      firstRow.push_back(firstRow.back() + count);
      wanted.push_back(firstRow.back() - 1);
    }
    tokens.resize(firstRow.back());
  }

  uint64_t rows() const { return tokens.size(); }

  void step(rwkvc_session_t *session) {
    // Ids spread over the vocabulary: a text's rows of the embedding are not neighbours either.
    for (int32_t &token : tokens)
      token = static_cast<int32_t>((random = random * 6364136223846793005u + 1442695040888963407u) >> 33) %
              static_cast<int32_t>(vocabulary);
    rwkvc_batch_t batch = {};
    batch.rows = tokens.size();
    batch.sequences = states.size();
    batch.wanted = wanted.size();
    batch.tokens = tokens.data();
    batch.first_row = firstRow.data();
    batch.states = states.data();
    batch.wanted_rows = wanted.data();
    check(rwkvc_session_step(session, &batch, logits.data()));
  }

private:
  uint64_t vocabulary, random = 1;
  std::vector<int32_t> tokens;
  std::vector<uint64_t> firstRow, wanted;
  std::vector<StateHandle> owned;
  std::vector<rwkvc_state_t *> states;
  std::vector<float> logits;
};

// Tokens per second of `steps` steps.
double measure(Workload &work, rwkvc_session_t *session, uint64_t steps) {
  auto begin = Clock::now();
  for (uint64_t i = 0; i < steps; ++i)
    work.step(session);
  return static_cast<double>(steps * work.rows()) / secondsSince(begin);
}

void progress(const char *what, unsigned done, unsigned of) {
  if (isatty(STDERR_FILENO))
    fprintf(stderr, "\rbench: %-9s %u of %u%s", what, done, of, done == of ? "\n" : "");
}

void benchDecode(const BenchOptions &options, const rwkvc_model_t *model, rwkvc_session_t *session,
                 BenchReport &report) {
  const rwkvc_model_info_t &info = *rwkvc_model_info(model);
  Workload work(model, {1});
  // Far more than any cache, but no more than a small machine spares.
  uint64_t memory = static_cast<uint64_t>(sysconf(_SC_AVPHYS_PAGES)) * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  ReadProbe probe(report.threads, std::min(std::max<uint64_t>(512 << 20, 8 * report.cacheBytes), memory / 4));
  probe.measure();
  for (unsigned r = 0; r < options.repeat; ++r) {
    double before = probe.measure();
    work.step(session); // the session's threads slept through the probe
    double rate = measure(work, session, options.decode);
    report.decode.push_back(rate);
    report.read.push_back(rate * static_cast<double>(info.decode_bytes) / 1e9);
    report.probe.push_back((before + probe.measure()) / 2);
    progress("decode", r + 1, options.repeat);
  }
}

void benchPrefill(const BenchOptions &options, const rwkvc_model_t *model, rwkvc_session_t *session,
                  BenchReport &report) {
  const rwkvc_model_info_t &info = *rwkvc_model_info(model);
  Workload work(model, {options.prefill});
  double flops =
      static_cast<double>(options.prefill) * static_cast<double>(info.row_flops) + static_cast<double>(info.head_flops);
  work.step(session);
  for (unsigned r = 0; r < options.repeat; ++r) {
    report.peakF32.push_back(measureF32Peak(report.threads));
    if (auto peak = measureBF16Peak(report.threads))
      report.peakBF16.push_back(*peak);
    if (auto peak = measureInt8Peak(report.threads))
      report.peakInt8.push_back(*peak);
    double rate = measure(work, session, 1);
    report.prefill.push_back(rate);
    report.prefillGflops.push_back(flops * rate / static_cast<double>(options.prefill) / 1e9);
    progress("prefill", r + 1, options.repeat);
  }
}

void benchSequences(const BenchOptions &options, const rwkvc_model_t *model, rwkvc_session_t *session, uint64_t steps,
                    BenchReport &report) {
  std::vector<uint64_t> rows(options.sequences, 1);
  Workload work(model, rows);
  work.step(session);
  std::optional<Workload> mixed; // with a prompt that arrives while the others go on
  if (options.mix) {
    rows.push_back(options.mix);
    mixed.emplace(model, rows).step(session);
  }
  for (unsigned r = 0; r < options.repeat; ++r) {
    report.sequences.push_back(measure(work, session, steps));
    if (mixed)
      report.mixed.push_back(measure(*mixed, session, 1));
    progress("sequences", r + 1, options.repeat);
  }
}

void runBench(BenchOptions options) {
  constexpr uint64_t defaultDecode = 32, defaultPrefill = 512, defaultSequences = 8;
  if (options.mix && !options.sequences)
    options.sequences = defaultSequences;
  if (!options.decode && !options.prefill && !options.sequences) {
    options.decode = defaultDecode;
    options.prefill = defaultPrefill;
    options.sequences = defaultSequences;
  }
  BenchReport report;
  ModelHandle model;
  for (unsigned r = 0; r < options.repeat; ++r) {
    model.reset();
    auto begin = Clock::now();
    model = loadModel(options.module);
    report.load.push_back(secondsSince(begin));
  }
  SessionHandle session = createSession(model.get(), options.threads);
  report.info = rwkvc_model_info(model.get());
  report.threads = rwkvc_session_threads(session.get());
  report.cacheBytes = lastLevelCacheBytes();
  report.decodeSteps = options.decode;
  report.prefillRows = options.prefill;
  report.sequenceCount = options.sequences;
  report.mixedRows = options.mix;
  {
    Workload first(model.get(), {1});
    first.step(session.get());
    report.resident.push_back(residentMB());
    report.hugePages.push_back(hugePageShare(report.info->weights_bytes));
  }
  if (options.decode)
    benchDecode(options, model.get(), session.get(), report);
  if (options.prefill)
    benchPrefill(options, model.get(), session.get(), report);
  if (options.sequences)
    benchSequences(options, model.get(), session.get(), options.decode ? options.decode : defaultDecode, report);
  if (options.json)
    printJson(report);
  else
    printText(report);
}

} // namespace

void rwkvc::addBench(CLI::App &app) {
  auto options = std::make_shared<BenchOptions>();
  CLI::App *verb = app.add_subcommand("bench", "Measure a compiled model beside what the machine allows");
  verb->add_option("module", options->module, "Compiled model (.so)")->required()->type_name("FILE");
  // CLI11 reads -1 as the largest number.
  CLI::Range count(uint64_t{0}, uint64_t{1} << 24);
  verb->add_option("--decode", options->decode, "Decode N tokens of one sequence [32 if nothing is named]")
      ->type_name("N")
      ->check(count);
  verb->add_option("--prefill", options->prefill, "Prefill N tokens at once [512 if nothing is named]")
      ->type_name("N")
      ->check(count);
  verb->add_option("--sequences", options->sequences, "Decode N sequences together [8 if nothing is named]")
      ->type_name("N")
      ->check(count);
  verb->add_option("--mix", options->mix, "Also with a prompt of N tokens in the same calls as the sequences")
      ->type_name("N")
      ->check(count);
  verb->add_option("--threads", options->threads, "Threads; 0 is one per CPU")->type_name("N");
  verb->add_option("--repeat", options->repeat, "Measurements of each kind; their median counts")
      ->type_name("N")
      ->capture_default_str()
      ->check(CLI::Range(1u, 1000u));
  verb->add_flag("--json", options->json, "Print JSON: median, min and max of each number");
  verb->footer("Example:\n  " + app.get_name() + " bench model.so --decode 64 --threads 2 --json");
  verb->callback([options] { runBench(*options); });
}
