// rwkvc-run: runs compiled models where there is no compiler.
#include "runtime/include/rwkvc/rwkvc.h"
#include "runtime/tools/Verbs.h"

#include <CLI/CLI.hpp>

#include <cstdio>

static void addInspect(CLI::App &app) {
  struct Options {
    std::string module;
    bool json = false, verify = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App *verb = app.add_subcommand("inspect", "Describe a compiled model");
  verb->add_option("module", options->module, "Compiled model (.so)")->required();
  verb->add_flag("--json", options->json, "Print JSON");
  verb->add_flag("--verify", options->verify, "Read all weights and check their hash");
  verb->footer("Example: rwkvc-run inspect model.so --json");
  verb->callback([options] { rwkvc::inspectModule(options->module, options->json, options->verify); });
}

int main(int argc, char **argv) {
  CLI::App app("Runs models that rwkvc has compiled.", "rwkvc-run");
  app.set_version_flag("--version", std::string("rwkvc-run ") + rwkvc_version());
  app.require_subcommand(1);
  app.footer("Example: rwkvc-run logits model.so --tokens 34,105,110 -o logits.npy");
  rwkvc::addLogits(app);
  rwkvc::addBench(app);
  addInspect(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::RuntimeError &error) {
    return error.get_exit_code(); // the verb has said why
  } catch (const CLI::ParseError &error) {
    if (error.get_exit_code() == 0)
      return app.exit(error); // --help, --version
    fprintf(stderr, "rwkvc: error: %s\n", error.what());
    return 1;
  } catch (const std::bad_alloc &) {
    fprintf(stderr, "rwkvc: error: out of memory\n");
    return 1;
  }
}
