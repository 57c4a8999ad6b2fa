//===- PipelineWriter.cpp - Lowers a pipeline and writes its loops --------===//
#include "compiler/Backends/Halide/Program/Evaluate.h"
#include "compiler/Backends/Halide/Program/Pipelines.h"
#include "compiler/Backends/Halide/Program/Refusal.h"
#include <sstream>

using namespace Halide;
using namespace rwkvc::halide_backend;

namespace {
/// Threads share a kernel by its units: a loop that an autoscheduler has made parallel is one as any other.
struct MakeSerial : Internal::IRMutator {
  using IRMutator::visit;
  Internal::Stmt visit(const Internal::For *op) override {
    auto type = op->for_type == Internal::ForType::Parallel ? Internal::ForType::Serial : op->for_type;
    return Internal::For::make(op->name, mutate(op->min), mutate(op->extent), type, op->device_api, mutate(op->body));
  }
};
} // namespace

PipelineWriter::PipelineWriter(FunctionText &text, const Request &request, std::string name)
    : text(text), request(request), name(std::move(name)) {}

/// Halide generates no code, so that its target says how wide vectors are and little else.
Target PipelineWriter::target() const {
  std::vector<Target::Feature> features = {Target::NoAsserts, Target::NoBoundsQuery, Target::NoRuntime,
                                           Target::LargeBuffers};
  if (request.triple.compare(0, 6, "x86_64") != 0)
    return Target(Target::Linux, Target::ARM, 64, features);
  features.insert(features.end(), {Target::SSE41, Target::AVX, Target::AVX2, Target::FMA, Target::F16C});
  if (request.mayUse("avx512f"))
    features.insert(features.end(), {Target::AVX512, Target::AVX512_Skylake});
  return Target(Target::Linux, Target::X86, 64, features);
}

void PipelineWriter::write(Pipeline pipeline, const std::vector<Argument> &arguments, const Bindings &bindings,
                           const std::function<void()> &schedule, bool mayAutoschedule) {
  if (request.autoscheduler.empty() || !mayAutoschedule)
    schedule();
  else
    pipeline.auto_schedule(request.autoscheduler, target(), MachineParams(1, 1 << 20, 40));
  MakeSerial serial;
  pipeline.add_custom_lowering_pass(&serial, [] {});
  Module module = pipeline.compile_to_module(arguments, name, target());
  const Internal::LoweredFunc *lowered = nullptr;
  for (const Internal::LoweredFunc &function : module.functions())
    if (function.name == name)
      lowered = &function;
  if (!lowered)
    refuse("Halide has lost the pipeline");
  std::ostringstream stream;
  stream << lowered->body;
  statements += "// " + name + "\n" + stream.str();
  StatementWriter(text, bindings, request).write(lowered->body);
}

void rwkvc::halide_backend::writeChannelRange(
    FunctionText &text, int64_t channels, int64_t block,
    const std::function<void(const std::string &, const std::string &, int64_t)> &write) {
  int64_t whole = channels / kLanes, tail = channels % kLanes;
  std::string begin = text.mul(text.unitBegin, block / kLanes);
  std::string end = text.mul(text.unitEnd, block / kLanes);
  if (whole)
    write(text.mul(begin, kLanes), text.sub(text.min(end, text.i64(whole)), begin), 0);
  if (tail)
    text.when(text.isLess(text.i64(whole), end), [&] { write(text.i64(whole * kLanes), text.i64(0), tail); });
}
