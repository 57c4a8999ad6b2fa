//===- WriteCalls.cpp - Halide's calls as MLIR text -----------------------===//
//
// Halide's own functions are few here; what Elementwise.h names becomes the op or the instruction of that name.
//
//===----------------------------------------------------------------------===//
#include "compiler/Backends/Halide/Program/Elementwise.h"
#include "compiler/Backends/Halide/Program/Refusal.h"
#include "compiler/Backends/Halide/Program/StatementWriter.h"

using namespace Halide;
using namespace Halide::Internal;
using namespace rwkvc::halide_backend;

/// 32-bit lanes of the instructions that take 512 bits.
static constexpr int kRegister = 16;

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
    std::string place = address(buffer->name, op->type, argument(1));
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

/// `each` on pieces of kRegister lanes.
std::string StatementWriter::byRegisters(Type type, const std::vector<std::string> &arguments,
                                         const std::vector<std::string> &types,
                                         const std::function<std::string(const std::vector<std::string> &)> &each) {
  if (type.lanes() == kRegister)
    return each(arguments);
  if (type.lanes() % kRegister)
    refuse("the pipeline multiplies " + std::to_string(type.lanes()) + " lanes, but dot products take " +
           std::to_string(kRegister));
  std::string result = text.define("llvm.mlir.poison : " + typeName(type));
  for (int i = 0; i < type.lanes(); i += kRegister) {
    std::string offset = "offsets = [" + std::to_string(i) + "]", size = ", sizes = [16]";
    std::vector<std::string> pieces;
    for (size_t a = 0; a < arguments.size(); ++a)
      pieces.push_back(text.define("vector.extract_strided_slice " + arguments[a] + " {" + offset + size +
                                   ", strides = [1]} : vector<" + std::to_string(type.lanes()) + "x" + types[a] +
                                   "> to vector<16x" + types[a] + ">"));
    result = text.define("vector.insert_strided_slice " + each(pieces) + ", " + result + " {" + offset +
                         ", strides = [1]} : " + typeName(type.with_lanes(kRegister)) + " into " + typeName(type));
  }
  return result;
}

std::string StatementWriter::instruction(const Call *op, std::vector<std::string> arguments) {
  Type type = op->type;
  auto elements = [&](const std::string &element) {
    return type.is_scalar() ? element : "vector<" + std::to_string(type.lanes()) + "x" + element + ">";
  };
  auto split = [&](const std::string &vector, const std::string &from, const std::string &to) {
    return text.define("vector.bitcast " + vector + " : " + from + " to " + to);
  };
  auto intrinsic = [&](const std::string &name, const std::string &list, const std::string &signature) {
    return text.define("llvm.call_intrinsic \"llvm.x86." + name + "\"(" + list + ") : " + signature);
  };
  const std::string words = "vector<16xi32>", bytes = "vector<64xi8>", pairs = "vector<32xbf16>";

  if (op->name == kWidenHalf)
    return cast(cast(arguments[0], elements("i16"), elements("f16"), "arith.bitcast"), elements("f16"), elements("f32"),
                "arith.extf");
  if (op->name == kRoundToBFloat)
    return cast(cast(arguments[0], elements("f32"), elements("bf16"), "arith.truncf"), elements("bf16"),
                elements("i16"), "arith.bitcast");
  if (op->name == kIntegerToFloat)
    return cast(arguments[0], elements("i32"), elements("f32"), "arith.sitofp");
  if (op->name == kRoundToInteger)
    return cast(text.define("math.roundeven " + arguments[0] + " : " + elements("f32")), elements("f32"),
                elements("i32"), "arith.fptosi");
  if (op->name == kDotPairs)
    return byRegisters(type, arguments, {"f32", "i32", "i32"}, [&](const std::vector<std::string> &piece) {
      return intrinsic("avx512bf16.dpbf16ps.512",
                       piece[0] + ", " + split(piece[1], words, pairs) + ", " + split(piece[2], words, pairs),
                       "(vector<16xf32>, vector<32xbf16>, vector<32xbf16>) -> vector<16xf32>");
    });
  if (op->name == kDotBytes)
    return byRegisters(type, arguments, {"i32", "i32", "i32"}, [&](const std::vector<std::string> &piece) {
      return intrinsic("avx512.vpdpbusd.512",
                       piece[0] + ", " + split(piece[1], words, bytes) + ", " + split(piece[2], words, bytes),
                       "(vector<16xi32>, vector<64xi8>, vector<64xi8>) -> vector<16xi32>");
    });
  if (starts_with(op->name, kLookUp)) {
    std::string table, hexadecimal = op->name.substr(sizeof(kLookUp) - 1);
    for (int i = 0; i < 4; ++i)
      table += hexadecimal;
    std::string values = text.constant(bytes, "dense<\"0x" + table + "\">");
    return byRegisters(type, arguments, {"i32"}, [&](const std::vector<std::string> &piece) {
      std::string codes = split(piece[0], words, bytes), signature = "(" + bytes + ", " + bytes + ") -> " + bytes;
      return split(
          intrinsic(hasWideTables ? "avx512.permvar.qi.512" : "avx512.pshuf.b.512", values + ", " + codes, signature),
          bytes, words);
    });
  }
  refuse("there is no instruction '" + op->name + "'");
}
