//===- rwkvc.cpp - The rwkvc command --------------------------------------===//
//
// A list of verbs. Whatever goes wrong is one sentence on standard error and exit code 1.
//
//===----------------------------------------------------------------------===//
#include "compiler/tools/Verbs.h"
#include "llvm/Support/raw_ostream.h"
#include <CLI/CLI.hpp>

int main(int argc, char **argv) {
  CLI::App app("Compiles RWKV checkpoints into shared objects for this CPU", "rwkvc");
  app.set_version_flag("--version", "rwkvc " RWKVC_VERSION);
  app.require_subcommand(1);
  rwkvc::addSynth(app);
  rwkvc::addInspect(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::RuntimeError &) {
    return 1; // the verb has said why
  } catch (const CLI::Success &request) {
    return app.exit(request); // --help and --version
  } catch (const CLI::ParseError &error) {
    llvm::errs() << "rwkvc: error: " << error.what() << "; see rwkvc --help\n";
    return 1;
  }
  return 0;
}
