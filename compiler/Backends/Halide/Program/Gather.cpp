//===- Gather.cpp - kernel.gather as a pipeline ---------------------------===//
#include "compiler/Backends/Halide/Program/Evaluate.h"
#include "compiler/Backends/Halide/Program/Pipelines.h"

using namespace Halide;
using namespace rwkvc::halide_backend;

/// Channels from `begin` on: `chunks` vectors, or `tail` of them one by one.
static void writeChannels(const Gather &gather, PipelineWriter &writer, const std::string &begin,
                          const std::string &chunks, int64_t tail) {
  FunctionText &text = writer.text;
  Type stored = gather.elementBits == 32 ? Float(32) : UInt(16);
  ImageParam table(stored, 2, "table"), index(Int(32), 1, "index");
  table.dim(0).set_min(0);
  table.dim(1).set_min(0).set_stride(int(gather.channels));
  index.dim(0).set_min(0);
  Param<int> from("from"), count("count"), rows("rows");
  Var c("c"), m("m");
  Func out("out");
  // The runtime has checked the tokens.
  Expr element = table(c, unsafe_promise_clamped(index(m), 0, 0x7ffffffe));
  out(c, m) = stored == Float(32) ? element
              : gather.isBFloat   ? reinterpret<float>(cast<uint32_t>(element) << 16)
                                  : floatOp(kWidenHalf, {element});
  out.output_buffer().dim(0).set_bounds(from, tail ? Expr(int(tail)) : count * int(kLanes));
  out.output_buffer().dim(1).set_bounds(0, rows).set_stride(int(gather.channels));

  std::string bytes = text.mul(text.rowBegin, gather.channels * 4);
  Bindings bindings;
  bindings.numbers = {{"from", begin},
                      {"count", chunks},
                      {"rows", text.sub(text.rowEnd, text.rowBegin)},
                      {out.name() + ".min.0", begin}};
  bindings.buffers = {{"table", text.pointer(0)},
                      {"index", text.at(text.pointer(1), text.mul(text.rowBegin, 4))},
                      {out.name(), text.at(text.at(text.pointer(2), bytes), begin, "f32")}};
  writer.write(Pipeline(out), {table, index, from, count, rows}, bindings, [&] {
    if (!tail)
      out.vectorize(c, int(kLanes));
  });
}

void rwkvc::halide_backend::writeGather(const Gather &gather, PipelineWriter &writer) {
  writeChannelRange(writer.text, gather.channels, gather.block,
                    [&](const std::string &first, const std::string &vectors, int64_t tail) {
                      writeChannels(gather, writer, first, vectors, tail);
                    });
}
