// rwkvc run: one prompt in, its continuation out as it comes.
#include "runtime/tools/JsonWriter.h"
#include "runtime/tools/Sampling.h"
#include "runtime/tools/TextModel.h"
#include "runtime/tools/Tokens.h"
#include "runtime/tools/Verbs.h"

#include <cerrno>
#include <cstring>

using namespace rwkvc;

namespace {

struct RunOptions {
  std::string module, prompt, promptFile, loadState, saveState;
  std::vector<std::string> stops;
  Sampling sampling;
  uint64_t maxTokens = 256;
  unsigned threads = 0;
  bool json = false;
};

void writeText(std::string_view text) {
  if (fwrite(text.data(), 1, text.size(), stdout) != text.size() || fflush(stdout) != 0)
    die(std::string("cannot write the text: ") + strerror(errno));
}

void printJson(const std::string &text, const rwkvc_generated_t &generated) {
  JsonWriter json(stdout);
  json.beginObject();
  json.key("text");
  json.string(text);
  json.key("prompt_tokens");
  json.integer(generated.prompt_tokens);
  json.key("tokens");
  json.integer(generated.tokens);
  json.key("finish");
  json.string(nameOf(generated.finish));
  json.key("first_token_s");
  json.number(generated.first_token_s);
  json.key("total_s");
  json.number(generated.total_s);
  json.endObject();
  writeText("\n");
}

void runRun(const RunOptions &options) {
  std::string prompt = options.prompt;
  if (!options.promptFile.empty())
    prompt = readText(options.promptFile == "-" ? "/dev/stdin" : options.promptFile);
  TextModel model(options.module, options.threads, options.loadState);
  SamplerHandle sampler = options.sampling.create(model.vocabulary());
  std::string text;
  rwkvc_generated_t generated;
  {
    InterruptFlag interrupt(InterruptFlag::Second::kills);
    GenerationRequest request;
    request.prompt = prompt;
    request.maxTokens = options.maxTokens;
    request.stops = options.stops;
    request.isInterrupted = [&] { return interrupt.isSet(); };
    request.onText = [&](std::string_view piece) {
      if (options.json)
        text += piece;
      else
        writeText(piece);
    };
    check(model.generate(sampler.get(), request, generated));
  }
  if (!options.saveState.empty())
    check(rwkvc_state_save(model.state.get(), options.saveState.c_str()));
  if (options.json)
    return printJson(text, generated);
  writeText("\n");
  fprintf(stderr, "%s; ended by %s\n", describeSpeed(generated).c_str(), nameOf(generated.finish));
}

} // namespace

void rwkvc::addRun(CLI::App &app) {
  auto options = std::make_shared<RunOptions>();
  CLI::App *verb = app.add_subcommand("run", "Let a compiled model continue a text");
  verb->add_option("module", options->module, "Compiled model (.so), with a tokenizer")->required()->type_name("FILE");
  auto *source = verb->add_option_group("prompt", "What to continue");
  source->add_option("--prompt", options->prompt, "Text; empty is the beginning of a text")->type_name("TEXT");
  source->add_option("--prompt-file", options->promptFile, "File of text, byte for byte; - is standard input")
      ->type_name("FILE");
  source->require_option(1);
  verb->add_option("-n,--max-tokens", options->maxTokens, "Most tokens to generate; 0 only reads the prompt")
      ->type_name("N")
      ->capture_default_str()
      ->check(CLI::Range(uint64_t{0}, uint64_t{1} << 40));
  verb->add_option("--stop", options->stops, "Text that ends the continuation, and is not shown. May be repeated")
      ->type_name("TEXT")
      ->allow_extra_args(false);
  options->sampling.addFlags(*verb);
  verb->add_option("--threads", options->threads, "Threads; 0 is one per CPU")->type_name("N");
  verb->add_option("--load-state", options->loadState, "Continue from a saved state")->type_name("FILE");
  verb->add_option("--save-state", options->saveState, "Save the state at the end")->type_name("FILE");
  verb->add_flag("--json", options->json, "Print one JSON object at the end; bytes that are not UTF-8 become U+FFFD");
  verb->footer("Example:\n  " + app.get_name() +
               " run model.so --prompt 'The sea was' -n 50 --temperature 0.8 --top-p 0.9 --seed 7");
  verb->callback([options] { runRun(*options); });
}
