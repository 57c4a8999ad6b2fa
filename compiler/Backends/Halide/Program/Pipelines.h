//===- Pipelines.h - From kernels to Halide's pipelines ----------*- C++ -*-===//
//
// One function a kind of kernel; each writes the body of the kernel's function. Loops that carry a state from row to
// row are around a pipeline, since Halide has no values that change; all other loops are its own.
//
//===----------------------------------------------------------------------===//
#ifndef COMPILER_BACKENDS_HALIDE_PROGRAM_PIPELINES_H
#define COMPILER_BACKENDS_HALIDE_PROGRAM_PIPELINES_H

#include "compiler/Backends/Halide/Program/Program.h"
#include "compiler/Backends/Halide/Program/StatementWriter.h"

namespace rwkvc::halide_backend {

/// What pipelines are written with.
class PipelineWriter {
public:
  PipelineWriter(FunctionText &text, const Request &request, std::string name);

  /// Adds the loops of `pipeline`, which `schedule` has not touched yet, with the kernel's schedule or, if it may be
  /// asked, an autoscheduler's.
  void write(Halide::Pipeline pipeline, const std::vector<Halide::Argument> &arguments, const Bindings &bindings,
             const std::function<void()> &schedule, bool mayAutoschedule = false);

  FunctionText &text;
  const Request &request;

  /// Halide's statements of all pipelines so far, for people.
  std::string statements;

private:
  Halide::Target target() const;

  std::string name;
};

/// Writes the channels of the thread's units by `write`, which is given the first one, whole vectors from there on, and 0;
/// then, by whom they belong to, those of the last `tail` that fill no vector.
void writeChannelRange(FunctionText &text, int64_t channels, int64_t block,
                       const std::function<void(const std::string &first, const std::string &vectors, int64_t tail)> &write);

void writeGemm(const Gemm &gemm, PipelineWriter &writer);
void writeScan(const Scan &scan, PipelineWriter &writer);
void writeGather(const Gather &gather, PipelineWriter &writer);
void writeQuantize(const Quantize &quantize, PipelineWriter &writer);

/// A scan whose groups are vectors; and one over whole rows. What writeScan chooses between.
void writeGroupScan(const Scan &scan, PipelineWriter &writer);
void writeChannelScan(const Scan &scan, PipelineWriter &writer);

} // namespace rwkvc::halide_backend

#endif // COMPILER_BACKENDS_HALIDE_PROGRAM_PIPELINES_H
