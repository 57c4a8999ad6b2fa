//===- WriteCalls.cpp - Halide's calls as MLIR text -----------------------===//
//
// Halide's own functions are few here; what Elementwise.h names becomes the op of that name.
//
//===----------------------------------------------------------------------===//
#include "compiler/Backends/Halide/Program/Elementwise.h"
#include "compiler/Backends/Halide/Program/Refusal.h"
#include "compiler/Backends/Halide/Program/StatementWriter.h"

using namespace Halide;
using namespace Halide::Internal;
using namespace rwkvc::halide_backend;

namespace {
/// From line to line of a prefetch, Halide 14 adds the bytes of a line to an index that counts elements.
struct LinesByElements : IRMutator {
  using IRMutator::visit;
  int elementBytes;

  explicit LinesByElements(int elementBytes) : elementBytes(elementBytes) {}
  Expr visit(const Mul *op) override {
    const Variable *line = op->a.as<Variable>();
    const int64_t *bytes = as_const_int(op->b);
    if (!line || !bytes || !starts_with(line->name, "prefetch_split_"))
      return IRMutator::visit(op);
    return op->a * int(*bytes / elementBytes);
  }
};
} // namespace

void StatementWriter::visit(const Call *op) {
  auto argument = [&](size_t i) { return emit(op->args[i]); };
  auto binaryOp = [&](const char *name) {
    std::string a = argument(0), b = argument(1);
    value = text.define(std::string(name) + " " + a + ", " + b + " : " + typeName(op->type));
  };
  if (op->is_intrinsic(Call::bitwise_and))
    return binaryOp("arith.andi");
  if (op->is_intrinsic(Call::bitwise_or))
    return binaryOp("arith.ori");
  if (op->is_intrinsic(Call::bitwise_xor))
    return binaryOp("arith.xori");
  if (op->is_intrinsic(Call::shift_left))
    return binaryOp("arith.shli");
  if (op->is_intrinsic(Call::shift_right))
    return binaryOp(op->type.is_uint() ? "arith.shrui" : "arith.shrsi");
  if (op->is_intrinsic(Call::likely) || op->is_intrinsic(Call::likely_if_innermost) ||
      op->is_intrinsic(Call::promise_clamped) || op->is_intrinsic(Call::unsafe_promise_clamped)) {
    value = argument(0);
    return;
  }
  if (op->is_intrinsic(Call::reinterpret)) {
    value = cast(argument(0), typeName(op->args[0].type()), typeName(op->type), "arith.bitcast");
    return;
  }
  if (op->is_intrinsic(Call::prefetch)) {
    const Variable *buffer = op->args[0].as<Variable>();
    if (!buffer)
      refuse("the pipeline prefetches what is no buffer");
    std::string place = address(buffer->name, op->type, emit(LinesByElements(op->type.bytes()).mutate(op->args[1])));
    // For reading, into the second-level cache.
    text.line("\"llvm.intr.prefetch\"(" + place +
              ") <{cache = 1 : i32, hint = 2 : i32, rw = 0 : i32}> : (!llvm.ptr) -> ()");
    return;
  }
  if (op->call_type == Call::PureExtern && op->name.find('.') != std::string::npos) {
    value = elementwise(op);
    return;
  }
  refuse("the pipeline calls '" + op->name + "', for which there is no code");
}

std::string StatementWriter::elementwise(const Call *op) {
  std::vector<std::string> arguments;
  std::string types;
  for (const Expr &argument : op->args) {
    arguments.push_back(emit(argument));
    types += (types.empty() ? "" : ", ") + typeName(argument.type());
  }
  if (starts_with(op->name, "rwkv."))
    return instruction(op, arguments);
  std::string list;
  for (const std::string &argument : arguments)
    list += (list.empty() ? "" : ", ") + argument;
  return text.define("\"" + op->name + "\"(" + list + ") : (" + types + ") -> " + typeName(op->type));
}
