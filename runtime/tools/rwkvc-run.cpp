// rwkvc-run: runs compiled models where there is no compiler.
#include "runtime/include/rwkvc/rwkvc.h"
#include "runtime/tools/FullDisk.h"
#include "runtime/tools/Tokenize.h"
#include "runtime/tools/Verbs.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>

static void addInspect(CLI::App &app) {
  struct Options {
    std::string module;
    bool json = false, verify = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App *verb = app.add_subcommand("inspect", "Describe a compiled model");
  verb->add_option("module", options->module, "Compiled model (.so)")->required()->type_name("FILE");
  verb->add_flag("--json", options->json, "Print JSON");
  verb->add_flag("--verify", options->verify, "Read all weights and check their hash");
  verb->footer("Example:\n  rwkvc-run inspect model.so --json");
  verb->callback([options] { rwkvc::inspectModule(options->module, options->json, options->verify); });
}

static bool hasVerb(const CLI::App &app, const char *name) {
  std::vector<const CLI::App *> verbs = app.get_subcommands([](const CLI::App *) { return true; });
  return std::any_of(verbs.begin(), verbs.end(), [&](const CLI::App *verb) { return verb->check_name(name); });
}

int main(int argc, char **argv) {
  rwkvc::expectFullDisk();
  CLI::App app("Runs models that rwkvc has compiled.", "rwkvc-run");
  app.set_version_flag("--version", std::string("rwkvc-run ") + rwkvc_version());
  app.require_subcommand(1);
  app.footer("Example:\n  rwkvc-run logits model.so --tokens 34,105,110 -o logits.npy");
  rwkvc::addLogits(app);
  rwkvc::addBench(app);
  rwkvc::addRun(app);
  rwkvc::addChat(app);
  rwkvc::addCompare(app);
  addInspect(app);
  rwkvc::addTokenize(app, {"Compiled model (.so), or a packed tokenizer", rwkvc::openTokenizer});
  try {
    app.parse(argc, argv);
  } catch (const CLI::RuntimeError &) {
    return 1; // the verb has said why
  } catch (const CLI::Success &request) {
    return rwkvc::closeStandardOutput(app.exit(request)); // --help and --version
  } catch (const CLI::ParseError &error) {
    // CLI11 reports an unknown verb as a missing one.
    if (argc > 1 && argv[1][0] != '-' && !hasVerb(app, argv[1]))
      fprintf(stderr, "rwkvc: error: there is no verb '%s'; see rwkvc-run --help\n", argv[1]);
    else
      fprintf(stderr, "rwkvc: error: %s; see rwkvc-run --help\n", error.what());
    return 1;
  } catch (const std::bad_alloc &) {
    fprintf(stderr, "rwkvc: error: out of memory\n");
    return 1;
  }
  return rwkvc::closeStandardOutput(0);
}
