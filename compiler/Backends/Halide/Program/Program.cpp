//===- Program.cpp - From plain data to MLIR text -------------------------===//
#include "compiler/Backends/Halide/Program/Program.h"
#include "compiler/Backends/Halide/Program/Pipelines.h"
#include "compiler/Backends/Halide/Program/Refusal.h"

using namespace rwkvc::halide_backend;

static std::string firstLine(const std::string &text) { return text.substr(0, text.find('\n')); }

namespace {
/// Warnings are of schedules, which are this program's own or an autoscheduler's.
struct Reporter : Halide::CompileTimeErrorReporter {
  void warning(const char *) override {}
  void error(const char *message) override { refuse(message); }
};
} // namespace

/// Where Debian has the plugins, by their lower-case names.
static void loadAutoscheduler(std::string name) {
  for (char &letter : name)
    letter = char(std::tolower(letter));
  Halide::load_plugin(RWKVC_HALIDE_PLUGINS "/libautoschedule_" + name + ".so");
}

Answer rwkvc::halide_backend::lower(const Kernel &kernel, const Request &request) {
  static Reporter reporter;
  Halide::set_custom_compile_time_error_reporter(&reporter);
  try {
    static std::string loaded;
    if (loaded != request.autoscheduler)
      loadAutoscheduler(loaded = request.autoscheduler);
    FunctionText text(kernel.name, kernel.pointers);
    PipelineWriter writer(text, request, kernel.name);
    std::visit(
        [&](const auto &what) {
          using What = std::decay_t<decltype(what)>;
          if constexpr (std::is_same_v<What, Gemm>)
            writeGemm(what, writer);
          else if constexpr (std::is_same_v<What, Scan>)
            writeScan(what, writer);
          else if constexpr (std::is_same_v<What, Gather>)
            writeGather(what, writer);
          else
            writeQuantize(what, writer);
        },
        kernel.what);
    return {request.statements ? writer.statements : text.finish(), {}};
  } catch (const std::exception &error) {
    return {{}, firstLine(error.what())};
  }
}
