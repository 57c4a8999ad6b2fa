// rwkvc compare: what another weight format, CPU or compiler did to a model's predictions over a text.
#include "runtime/tools/Comparison.h"
#include "runtime/tools/Handles.h"
#include "runtime/tools/JsonWriter.h"
#include "runtime/tools/Tokens.h"
#include "runtime/tools/Verbs.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unistd.h>

using namespace rwkvc;

namespace {

// The logits of all rows of a step are kept, of both models: 268 MB each with a vocabulary of 65536.
constexpr uint64_t mostRows = 1024;

struct CompareOptions {
  std::string a, b, tokensFile;
  uint64_t rows = 1;
  unsigned threads = 0;
  bool json = false;
};

// One of the two models, with the sequence that it reads.
class Reader {
public:
  Reader(const std::string &path, unsigned threads)
      : path(path), model(loadModel(path)), state(createState(model.get())), threads(threads) {}

  const rwkvc_model_info_t &info() const { return *rwkvc_model_info(model.get()); }

  // The logits of every row.
  const float *read(const int32_t *tokens, uint64_t count, uint64_t done) {
    if (!session)
      session = createSession(model.get(), threads);
    wanted.resize(count);
    std::iota(wanted.begin(), wanted.end(), 0);
    logits.resize(count * info().vocabulary);
    uint64_t firstRow[2] = {0, count};
    rwkvc_state_t *states[1] = {state.get()};
    rwkvc_batch_t batch = {};
    batch.rows = batch.wanted = count;
    batch.sequences = 1;
    batch.tokens = tokens;
    batch.first_row = firstRow;
    batch.states = states;
    batch.wanted_rows = wanted.data();
    check(rwkvc_session_step(session.get(), &batch, logits.data()));
    auto bad = std::find_if(logits.begin(), logits.end(), [](float logit) { return !std::isfinite(logit); });
    if (bad != logits.end())
      die("the logits of '" + path + "' are not finite at position " +
          std::to_string(done + static_cast<uint64_t>(bad - logits.begin()) / info().vocabulary));
    return logits.data();
  }

private:
  std::string path;
  ModelHandle model;
  StateHandle state;
  SessionHandle session;
  unsigned threads;
  std::vector<uint64_t> wanted;
  std::vector<float> logits;
};

ComparisonResult compareOver(Reader &a, Reader &b, const std::vector<int32_t> &tokens, uint64_t rows) {
  uint64_t vocabulary = a.info().vocabulary;
  Comparison comparison(vocabulary);
  for (uint64_t done = 0; done < tokens.size();) {
    uint64_t count = std::min<uint64_t>(rows, tokens.size() - done);
    const float *logitsA = a.read(&tokens[done], count, done), *logitsB = b.read(&tokens[done], count, done);
    for (uint64_t i = 0; i < count; ++i, ++done) {
      std::optional<int32_t> next;
      if (done + 1 < tokens.size())
        next = tokens[done + 1];
      comparison.add(logitsA + i * vocabulary, logitsB + i * vocabulary, next);
    }
    if (isatty(STDERR_FILENO))
      fprintf(stderr, "\rcompare: %lu of %zu tokens%s", static_cast<unsigned long>(done), tokens.size(),
              done == tokens.size() ? "\n" : "");
  }
  return comparison.result();
}

void printJson(const ComparisonResult &result) {
  JsonWriter json(stdout);
  auto number = [&](const char *key, std::optional<double> value) {
    json.key(key);
    value ? json.number(*value) : json.null();
  };
  json.beginObject();
  json.key("tokens");
  json.integer(result.positions);
  number("kl_mean", result.klMean);
  number("kl_median", result.klMedian);
  number("kl_max", result.klMax);
  json.key("kl_max_position");
  json.integer(result.klMaxPosition);
  number("logit_difference_mean", result.differenceMean);
  number("logit_difference_max", result.differenceMax);
  number("top1_agreement", result.agreement);
  number("perplexity_a", result.perplexityA);
  number("perplexity_b", result.perplexityB);
  json.endObject();
}

void printText(const CompareOptions &options, const Reader &a, const Reader &b, const ComparisonResult &result) {
  printf("A                  %s: %s, %s\n", options.a.c_str(), a.info().architecture, a.info().weight_formats);
  printf("B                  %s: %s, %s\n", options.b.c_str(), b.info().architecture, b.info().weight_formats);
  printf("tokens             %lu\n", static_cast<unsigned long>(result.positions));
  printf("KL(A||B)           mean %.4g, median %.4g, max %.4g nats (at position %lu)\n", result.klMean, result.klMedian,
         result.klMax, static_cast<unsigned long>(result.klMaxPosition));
  printf("logit difference   mean %.4g, max %.4g\n", result.differenceMean, result.differenceMax);
  printf("same likeliest     %.2f %% of positions\n", 100 * result.agreement);
  if (result.perplexityA)
    printf("perplexity         A %.5g, B %.5g (%+.3f %%)\n", *result.perplexityA, *result.perplexityB,
           100 * (*result.perplexityB / *result.perplexityA - 1));
}

void runCompare(const CompareOptions &options) {
  Reader a(options.a, options.threads), b(options.b, options.threads);
  if (a.info().vocabulary != b.info().vocabulary)
    die("'" + options.a + "' has a vocabulary of " + std::to_string(a.info().vocabulary) + ", but '" + options.b +
        "' one of " + std::to_string(b.info().vocabulary) + ": their predictions cannot be compared");
  ComparisonResult result = compareOver(a, b, readTokens(options.tokensFile, a.info().vocabulary), options.rows);
  if (options.json)
    printJson(result);
  else
    printText(options, a, b, result);
}

} // namespace

void rwkvc::addCompare(CLI::App &app) {
  auto options = std::make_shared<CompareOptions>();
  CLI::App *verb = app.add_subcommand("compare", "Measure how far one compiled model's predictions are from another's");
  verb->add_option("a", options->a, "Compiled model (.so) that counts as right")->required()->type_name("A");
  verb->add_option("b", options->b, "Compiled model (.so) to compare with it")->required()->type_name("B");
  verb->add_option("--tokens-file", options->tokensFile, "Text to read: decimal ids separated by white space")
      ->required()
      ->type_name("FILE");
  verb->add_option("--rows", options->rows, "Tokens in one step: 1 as in decoding, more as in reading a prompt")
      ->type_name("N")
      ->capture_default_str()
      ->check(CLI::Range(uint64_t{1}, mostRows));
  verb->add_option("--threads", options->threads, "Threads; 0 is one per CPU")->type_name("N");
  verb->add_flag("--json", options->json, "Print JSON");
  verb->footer("Example:\n  " + app.get_name() + " compare model-f32.so model-q4.so --tokens-file text.ids --json");
  verb->callback([options] { runCompare(*options); });
}
