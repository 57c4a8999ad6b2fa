// rwkvc logits: feeds tokens to one sequence and writes the logits as NumPy reads them.
#include "runtime/tools/Handles.h"
#include "runtime/tools/NpyWriter.h"
#include "runtime/tools/Tokens.h"
#include "runtime/tools/Verbs.h"

#include <algorithm>
#include <numeric>
#include <unistd.h>

using namespace rwkvc;

namespace {

// CLI11 reads -1 as the largest number: no count is near it.
constexpr uint64_t mostRows = 1ull << 40;

constexpr uint64_t mostLogitsBytes = 256ull << 20;

struct LogitsOptions {
  std::string module, tokens, tokensFile, output, loadState, saveState;
  bool allPositions = false;
  unsigned threads = 0;
  uint64_t chunk = 0;
};

// Runs `tokens` in calls of at most `chunk` rows and appends the wanted logits.
void feed(rwkvc_session_t *session, rwkvc_state_t *state, const std::vector<int32_t> &tokens, uint64_t chunk,
          bool allPositions, uint64_t vocabulary, NpyWriter &out) {
  std::vector<uint64_t> rows(allPositions ? chunk : 1);
  std::iota(rows.begin(), rows.end(), 0);
  std::vector<float> logits(rows.size() * vocabulary);
  bool progress = isatty(STDERR_FILENO) && tokens.size() > chunk;
  for (uint64_t done = 0; done < tokens.size(); done += chunk) {
    uint64_t count = std::min<uint64_t>(chunk, tokens.size() - done);
    bool last = done + count == tokens.size();
    if (!allPositions)
      rows[0] = count - 1;
    uint64_t firstRow[2] = {0, count};
    rwkvc_batch_t batch = {};
    batch.rows = count;
    batch.sequences = 1;
    batch.wanted = allPositions ? count : (last ? 1 : 0);
    batch.tokens = tokens.data() + done;
    batch.first_row = firstRow;
    batch.states = &state;
    batch.wanted_rows = rows.data();
    check(rwkvc_session_step(session, &batch, logits.data()));
    out.append(logits.data(), batch.wanted * vocabulary);
    if (progress)
      fprintf(stderr, "\rlogits: %lu of %zu tokens%s", static_cast<unsigned long>(done + count), tokens.size(),
              last ? "\n" : "");
  }
}

void runLogits(const LogitsOptions &options) {
  ModelHandle model = loadModel(options.module);
  const rwkvc_model_info_t &info = *rwkvc_model_info(model.get());
  std::vector<int32_t> tokens = options.tokensFile.empty() ? parseTokens(options.tokens, info.vocabulary)
                                                           : readTokens(options.tokensFile, info.vocabulary);
  StateHandle state = createState(model.get());
  if (!options.loadState.empty())
    check(rwkvc_state_load(state.get(), options.loadState.c_str()));
  SessionHandle session = createSession(model.get(), options.threads);

  std::vector<uint64_t> shape = {info.vocabulary};
  if (options.allPositions)
    shape.insert(shape.begin(), tokens.size());
  NpyWriter out(options.output, shape);
  // All at once means no cut by choice: a long text's logits alone may be more than the memory.
  uint64_t whole = options.allPositions
                       ? std::max<uint64_t>(info.max_rows, mostLogitsBytes / (info.vocabulary * sizeof(float)))
                       : tokens.size();
  uint64_t chunk = std::min<uint64_t>(options.chunk ? options.chunk : whole, tokens.size());
  feed(session.get(), state.get(), tokens, chunk, options.allPositions, info.vocabulary, out);
  if (!options.saveState.empty())
    check(rwkvc_state_save(state.get(), options.saveState.c_str()));
  out.finish();
}

} // namespace

void rwkvc::addLogits(CLI::App &app) {
  auto options = std::make_shared<LogitsOptions>();
  CLI::App *verb = app.add_subcommand("logits", "Run a compiled model over tokens and write its logits");
  verb->add_option("module", options->module, "Compiled model (.so)")->required()->type_name("FILE");
  auto *source = verb->add_option_group("tokens", "What to run");
  source->add_option("--tokens", options->tokens, "Token ids: 34,105,110")->type_name("IDS");
  source->add_option("--tokens-file", options->tokensFile, "File of decimal ids separated by white space")
      ->type_name("FILE");
  source->require_option(1);
  verb->add_option("-o,--output", options->output, "float32 .npy: [vocabulary] of the last position")
      ->required()
      ->type_name("FILE");
  verb->add_flag("--all-positions", options->allPositions, "Write [tokens, vocabulary] instead");
  verb->add_option("--load-state", options->loadState, "Continue from a saved state")->type_name("FILE");
  verb->add_option("--save-state", options->saveState, "Save the state after the last token")->type_name("FILE");
  verb->add_option("--threads", options->threads, "Threads; 0 is one per CPU")->type_name("N");
  verb->add_option("--chunk", options->chunk, "Rows per call of the runtime; 0 is all at once")
      ->type_name("N")
      ->check(CLI::Range(uint64_t{0}, mostRows));
  verb->footer("Example:\n  " + app.get_name() + " logits model.so --tokens 34,105,110 -o logits.npy");
  verb->callback([options] { runLogits(*options); });
}
