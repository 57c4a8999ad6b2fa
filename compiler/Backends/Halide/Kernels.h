//===- Kernels.h - Kernels as plain data -------------------------*- C++ -*-===//
//
// What a pipeline is made from. Seen by translation units that include MLIR and by those that include Halide, which no
// unit can both: the two use the same names.
//
//===----------------------------------------------------------------------===//
#ifndef COMPILER_BACKENDS_HALIDE_KERNELS_H
#define COMPILER_BACKENDS_HALIDE_KERNELS_H

#include <array>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace rwkvc::halide_backend {

/// Of a value in a body: one number, one for each channel of a group, or a group's matrix.
enum class Shape { Scalar, Vector, Matrix };

enum class Axis { All, Rows, Columns };

/// One op of a body. Values are numbered: the body's arguments, then its instructions in order.
struct Instruction {
  enum Kind { Constant, Arithmetic, Broadcast, Reduce } kind;
  Shape shape;
  std::vector<unsigned> operands = {};
  std::string op = {};    // of arithmetic: MLIR's name
  float value = 0;        // of a constant
  Axis axis = Axis::All;  // of a broadcast or a reduction
  bool isMaximum = false; // of a reduction, which is a sum otherwise
};

struct Body {
  std::vector<Shape> arguments;
  std::vector<Instruction> instructions;
  std::vector<unsigned> yields;

  Shape shape(unsigned value) const {
    return value < arguments.size() ? arguments[value] : instructions[value - arguments.size()].shape;
  }

  /// Null for an argument.
  const Instruction *definition(unsigned value) const {
    return value < arguments.size() ? nullptr : &instructions[value - arguments.size()];
  }
};

/// Rows as integers of `bits` bits, in groups with a scale and an offset: #kernel.groups, in bytes.
struct Groups {
  int64_t size, bits, integerBytes, groupBytes, largest;
  bool areWords; // of 16 bits, those of even and then those of odd position; else bytes
};

struct Gemm {
  enum Rows { Floats, Pairs, Integers } kind;
  Groups groups; // of integers
  int64_t inputs, outputs, rowBytes;
  int64_t panel, tileRows, tileColumns, mostRows, prefetch;

  // What weight::Format says of the weight.
  int64_t inputStep, headBytes, stepBytes, levelBytes, codeBits;
  std::array<int8_t, 16> codeValues; // of codes of 4 bits

  unsigned rows, constants; // operands of the epilogue
  Body body;
};

struct Scan {
  int64_t groups, channels, block, units;
  unsigned rows, constants, states;
  Body body;

  int64_t groupSize() const { return channels / groups; }
  unsigned operands() const { return rows + constants + states; }
  unsigned outputs() const { return body.yields.size() - states; }
};

struct Gather {
  int64_t channels, block, elementBits;
  bool isBFloat;
};

struct Quantize {
  int64_t channels, block, outBytes;
  bool toPairs; // bf16; else groups
  Groups groups;
};

struct Kernel {
  std::string name;
  unsigned pointers; // the function's: one for each operand and output, a state is one
  std::variant<Gemm, Scan, Gather, Quantize> what;
};

} // namespace rwkvc::halide_backend

#endif // COMPILER_BACKENDS_HALIDE_KERNELS_H
