//===- Inspect.cpp - rwkvc inspect: what a file holds ---------------------===//
//
// Checkpoint or compiled module is decided by content. A damaged module has no trailer any more,
// so an ELF image counts as one too, and its reader says what is wrong.
//
//===----------------------------------------------------------------------===//
#include "compiler/tools/InspectCheckpoint.h"
#include "compiler/tools/Verbs.h"
#include "frontends/Files/ByteReader.h"
#include "frontends/Files/MappedFile.h"
#include "frontends/Files/Refusal.h"
#include "runtime/abi/rwkvc_module.h"
#include "runtime/tools/Verbs.h"
#include "llvm/Support/FileSystem.h"
#include <CLI/CLI.hpp>
#include <memory>

using namespace rwkvc;

llvm::Expected<bool> rwkvc::isModule(llvm::StringRef path) {
  if (llvm::sys::fs::is_directory(path))
    return false;
  llvm::Expected<std::shared_ptr<MappedFile>> file = MappedFile::open(path);
  if (!file)
    return file.takeError();
  llvm::StringRef bytes = asText((*file)->bytes());
  return bytes.starts_with("\x7f"
                           "ELF") ||
         bytes.take_back(sizeof(rwkvc_trailer_t)).starts_with(RWKVC_TRAILER_MAGIC);
}

namespace {
struct InspectOptions {
  std::string path, tensor;
  bool json = false, verify = false;
};
} // namespace

static llvm::Error inspect(const InspectOptions &options) {
  llvm::Expected<bool> module = isModule(options.path);
  if (!module)
    return module.takeError();
  if (*module && !options.tensor.empty())
    return refuse("--tensor is for checkpoints, but " + rwkvc::quotedPath(options.path) + " is a compiled module");
  if (!*module && options.verify)
    return refuse("--verify is for compiled modules, but " + rwkvc::quotedPath(options.path) + " is none");
  if (*module) {
    inspectModule(options.path, options.json, options.verify);
    return llvm::Error::success();
  }
  if (!options.tensor.empty())
    return printTensor(options.path, options.tensor);
  return inspectCheckpoint(options.path, options.json);
}

void rwkvc::addInspect(CLI::App &app) {
  auto options = std::make_shared<InspectOptions>();
  CLI::App *verb = app.add_subcommand("inspect", "Say what a checkpoint or a compiled module holds");
  verb->add_option("file", options->path, "A checkpoint of any format, or a module")->required()->type_name("FILE");
  CLI::Option *json = verb->add_flag("--json", options->json, "Print one JSON object");
  verb->add_option("--tensor", options->tensor, "Print the values of one tensor of a checkpoint instead")
      ->type_name("NAME")
      ->excludes(json);
  verb->add_flag("--verify", options->verify, "Read all weights of a module and check their hash");
  verb->footer("Example:\n  rwkvc inspect model.pth");
  verb->callback([options] {
    if (llvm::Error error = inspect(*options))
      fail(std::move(error));
  });
}
