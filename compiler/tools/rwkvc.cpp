//===- rwkvc.cpp - The rwkvc command --------------------------------------===//
//
// A list of verbs. Whatever goes wrong is one sentence on standard error and exit code 1.
//
//===----------------------------------------------------------------------===//
#include "compiler/tools/Tokenizer.h"
#include "compiler/tools/Verbs.h"
#include "runtime/tools/FullDisk.h"
#include "runtime/tools/Verbs.h"
#include "llvm/Support/raw_ostream.h"
#include <CLI/CLI.hpp>
#include <new>

int main(int argc, char **argv) {
  rwkvc::expectFullDisk();
  CLI::App app("Compiles RWKV checkpoints into shared objects for this CPU", "rwkvc");
  app.set_version_flag("--version", "rwkvc " RWKVC_VERSION);
  app.require_subcommand(1);
  rwkvc::addLogits(app);
  rwkvc::addBench(app);
  rwkvc::addRun(app);
  rwkvc::addChat(app);
  rwkvc::addCompare(app);
  rwkvc::addInspect(app);
  rwkvc::addTokenize(app, rwkvc::tokenizerSource());
  rwkvc::addCompile(app);
  rwkvc::addSynth(app);
  rwkvc::addTune(app);
  rwkvc::addMeasureKernels(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::RuntimeError &) {
    return 1; // the verb has said why
  } catch (const CLI::Success &request) {
    return rwkvc::closeStandardOutput(app.exit(request)); // --help and --version
  } catch (const CLI::ParseError &error) {
    auto isGiven = [&](CLI::App *verb) { return verb->check_name(argv[1]); };
    // CLI11 reports an unknown verb as a missing one.
    if (argc > 1 && argv[1][0] != '-' && app.get_subcommands(isGiven).empty())
      llvm::errs() << "rwkvc: error: there is no verb '" << argv[1] << "'; see rwkvc --help\n";
    else
      llvm::errs() << "rwkvc: error: " << error.what() << "; see rwkvc --help\n";
    return 1;
  } catch (const std::bad_alloc &) {
    llvm::errs() << "rwkvc: error: out of memory\n";
    return 1;
  }
  llvm::outs().flush();
  if (std::error_code error = llvm::outs().error()) {
    llvm::outs().clear_error(); // LLVM would end the process otherwise
    llvm::errs() << "rwkvc: error: cannot write to standard output: " << error.message() << '\n';
    return 1;
  }
  return rwkvc::closeStandardOutput(0);
}
