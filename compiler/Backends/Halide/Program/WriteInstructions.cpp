//===- WriteInstructions.cpp - Dot products and conversions as MLIR text --===//
//
// Calls whose names begin with rwkv.: what a type means that Halide has not, and the target's instructions, which take
// pieces of a vector.
//
//===----------------------------------------------------------------------===//
#include "compiler/Backends/Halide/Program/Elementwise.h"
#include "compiler/Backends/Halide/Program/Refusal.h"
#include "compiler/Backends/Halide/Program/StatementWriter.h"

using namespace Halide;
using namespace Halide::Internal;
using namespace rwkvc::halide_backend;

static std::string vectorOf(int lanes, const std::string &element) {
  return "vector<" + std::to_string(lanes) + "x" + element + ">";
}

/// `each` on pieces of `lanes` lanes. The arguments' elements are of `types`.
std::string StatementWriter::byRegisters(Type type, int lanes, const std::vector<std::string> &arguments,
                                         const std::vector<std::string> &types,
                                         const std::function<std::string(const std::vector<std::string> &)> &each) {
  if (type.lanes() == lanes)
    return each(arguments);
  if (type.lanes() % lanes)
    refuse("the pipeline multiplies " + std::to_string(type.lanes()) + " lanes, but dot products take " +
           std::to_string(lanes));
  std::string result = text.define("llvm.mlir.poison : " + typeName(type));
  for (int i = 0; i < type.lanes(); i += lanes) {
    std::string offset = "offsets = [" + std::to_string(i) + "]", size = ", sizes = [" + std::to_string(lanes) + "]";
    std::vector<std::string> pieces;
    for (size_t a = 0; a < arguments.size(); ++a)
      pieces.push_back(text.define("vector.extract_strided_slice " + arguments[a] + " {" + offset + size +
                                   ", strides = [1]} : " + vectorOf(type.lanes(), types[a]) + " to " +
                                   vectorOf(lanes, types[a])));
    result = text.define("vector.insert_strided_slice " + each(pieces) + ", " + result + " {" + offset +
                         ", strides = [1]} : " + typeName(type.with_lanes(lanes)) + " into " + typeName(type));
  }
  return result;
}

std::string StatementWriter::conversion(const Call *op, const std::string &argument) {
  auto elements = [&](const std::string &element) {
    return op->type.is_scalar() ? element : vectorOf(op->type.lanes(), element);
  };
  auto convert = [&](const std::string &value, const char *from, const char *to, const char *name) {
    return cast(value, elements(from), elements(to), name);
  };
  if (op->name == kWidenHalf)
    return convert(convert(argument, "i16", "f16", "arith.bitcast"), "f16", "f32", "arith.extf");
  if (op->name == kRoundToBFloat)
    return convert(convert(argument, "f32", "bf16", "arith.truncf"), "bf16", "i16", "arith.bitcast");
  if (op->name == kIntegerToFloat)
    return convert(argument, "i32", "f32", "arith.sitofp");
  if (op->name == kRoundToInteger)
    return convert(text.define("math.roundeven " + argument + " : " + elements("f32")), "f32", "i32", "arith.fptosi");
  return {};
}

std::string StatementWriter::instruction(const Call *op, const std::vector<std::string> &arguments) {
  if (std::string converted = conversion(op, arguments[0]); !converted.empty())
    return converted;
  const MachineInstruction *machine =
      findInstruction(op->name, [&](const std::string &feature) { return request.mayUse(feature); });
  if (!machine)
    refuse("the target has no instruction '" + op->name + "'");
  int lanes = machine->lanes;
  const std::string words = vectorOf(lanes, "i32");
  auto split = [&](const std::string &value, const std::string &from, const std::string &to) {
    return text.define("vector.bitcast " + value + " : " + from + " to " + to);
  };
  auto apply = [&](const std::string &list, const std::string &signature) {
    return text.define(std::string("llvm.call_intrinsic \"llvm.") + machine->intrinsic + "\"(" + list +
                       ") : " + signature);
  };
  auto splat = [&](const std::string &type, const char *number) {
    return text.constant(type, std::string("dense<") + number + ">");
  };
  auto binaryOp = [&](const char *name, const std::string &a, const std::string &b, const std::string &type) {
    return text.define(std::string("arith.") + name + " " + a + ", " + b + " : " + type);
  };

  if (op->name == kDotPairs || op->name == kDotBytes) {
    bool isFloat = op->name == kDotPairs;
    std::string sum = isFloat ? "f32" : "i32", sums = vectorOf(lanes, sum);
    std::string factors = isFloat ? vectorOf(2 * lanes, "bf16") : vectorOf(4 * lanes, "i8");
    return byRegisters(op->type, lanes, arguments, {sum, "i32", "i32"}, [&](const std::vector<std::string> &piece) {
      return apply(piece[0] + ", " + split(piece[1], words, factors) + ", " + split(piece[2], words, factors),
                   "(" + sums + ", " + factors + ", " + factors + ") -> " + sums);
    });
  }
  if (op->name == kDotWords) {
    const std::string halves = vectorOf(2 * lanes, "i16"), products = vectorOf(2 * lanes, "i32");
    auto dot = [&](const std::string &sum, const std::string &weights, const std::string &inputs) {
      std::string both = split(inputs, words, halves);
      if (machine->intrinsic)
        return binaryOp("addi", sum, apply(weights + ", " + both, "(" + halves + ", " + halves + ") -> " + words),
                        words);
      std::string product = binaryOp("muli", cast(weights, halves, products, "arith.extsi"),
                                     cast(both, halves, products, "arith.extsi"), products);
      auto everySecond = [&](int from) {
        std::string picked;
        for (int i = from; i < 2 * lanes; i += 2)
          picked += (picked.empty() ? "" : ", ") + std::to_string(i);
        return text.define("vector.shuffle " + product + ", " + product + " [" + picked + "] : " + products + ", " +
                           products);
      };
      return binaryOp("addi", sum, binaryOp("addi", everySecond(0), everySecond(1), words), words);
    };
    return byRegisters(
        op->type, lanes, arguments, {"i32", "i32", "i32", "i32"}, [&](const std::vector<std::string> &piece) {
          std::string even = binaryOp("andi", piece[1], splat(words, "0x00FF00FF"), words);
          std::string odd = binaryOp("shrui", split(piece[1], words, halves), splat(halves, "8"), halves);
          return dot(dot(piece[0], split(even, words, halves), piece[2]), odd, piece[3]);
        });
  }
  std::string table, hexadecimal = op->name.substr(sizeof(kLookUp) - 1), bytes = vectorOf(4 * lanes, "i8");
  for (int i = 0; i < lanes / 4; ++i)
    table += hexadecimal;
  std::string values = text.constant(bytes, "dense<\"0x" + table + "\">");
  return byRegisters(op->type, lanes, arguments, {"i32"}, [&](const std::vector<std::string> &piece) {
    // vpermb takes 6 bits of a byte, and the table repeats every 16; others want zeros.
    bool takesMore = std::string(machine->feature) == "avx512vbmi";
    std::string codes = takesMore ? piece[0] : binaryOp("andi", piece[0], splat(words, "0x0F0F0F0F"), words);
    return split(apply(values + ", " + split(codes, words, bytes), "(" + bytes + ", " + bytes + ") -> " + bytes), bytes,
                 words);
  });
}
