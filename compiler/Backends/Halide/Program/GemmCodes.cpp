//===- GemmCodes.cpp - Sums of a gemm whose weights are codes in groups ---===//
#include "compiler/Backends/Halide/Program/GemmSums.h"

using namespace Halide;
using namespace rwkvc::halide_backend;

void GemmSums::viewCodes() {
  int64_t stepBytes = gemm.panel * gemm.stepBytes, head = gemm.panel * gemm.headBytes;
  weights = view("weights", UInt(32), {{gemm.inputStep * gemm.codeBits / 32, gemm.panel * 4}, {steps(), stepBytes}},
                 head + gemm.panel * gemm.levelBytes);
  Type level = gemm.levelBytes == 1 ? Int(8) : gemm.levelBytes == 2 ? UInt(16) : Float(32);
  levels = view("levels", level, {{steps(), stepBytes}}, head);
  if (gemm.headBytes)
    heads = view("heads", Float(32), {}, 0);
}

Expr GemmSums::levelOf(Expr group) {
  Expr stored = levels(c, group, u);
  return stored.type() == Int(8)     ? cast<float>(stored)
         : stored.type() == UInt(16) ? floatOp(kWidenHalf, {stored})
                                     : stored;
}

/// Four inputs of an output as unsigned bytes, which are 128 too much. The lower halves of a lane's bytes are four
/// inputs, the upper ones the next four.
Expr GemmSums::bytes(Expr quad, Expr group) {
  if (gemm.codeBits == 8)
    return weights(c, quad, group, u);
  std::string name = kLookUp;
  for (int8_t code : gemm.codeValues) {
    char byte[3];
    snprintf(byte, sizeof(byte), "%02X", uint8_t(code + 128));
    name += byte;
  }
  return call(UInt(32), name, {weights(c, quad / 2, group, u) >> cast<uint32_t>(quad % 2 * 4)});
}

void GemmSums::defineIntegers() {
  viewCodes();
  const Groups &groups = gemm.groups;
  int64_t ofRow = steps() * gemm.inputStep / groups.size, rowWords = groups.groupBytes / 4;
  ImageParam x = rowView("x", UInt(32), rowWords, {{ofRow, groups.groupBytes}}, 0);
  ImageParam scales = rowView("scales", Float(32), rowWords, {{ofRow, groups.groupBytes}}, 0);
  int scaleAt = int(groups.integerBytes / 4), quads = int(groups.size / 4);
  // Words hold an integer; of two bytes, upper and lower ones have sums by themselves.
  bool isSplit = groups.bits == 16 && !groups.areWords;
  const MachineInstruction *dotBytes =
      findInstruction(kDotBytes, [&](const std::string &feature) { return request.mayUse(feature); });
  bool isSigned = !groups.areWords && dotBytes && dotBytes->isSigned;

  // The sum of a group. Its offset makes good for weights that are 128 too much.
  Var g("g");
  Expr row = inputRow();
  Expr offset = isSigned ? Expr(0u) : x(scaleAt + 1, g, row);
  if (isSplit)
    total(c, u, m, g) = Tuple(Expr(0u), offset);
  else
    total(c, u, m, g) = offset;
  quad = RDom(0, quads, "quad");
  Expr codes = isSigned ? bytes(quad, g) ^ Expr(0x80808080u) : bytes(quad, g);
  Expr lower = x(quads + quad, g, row), upper = x(quad, g, row);
  auto dot = [&](Expr sum, Expr inputs) { return call(UInt(32), kDotBytes, {sum, codes, inputs}); };
  if (isSplit)
    total(c, u, m, g) = Tuple(dot(total(c, u, m, g)[0], upper), dot(total(c, u, m, g)[1], lower));
  else if (groups.areWords) // those of even position, and of odd
    total(c, u, m, g) = call(UInt(32), kDotWords, {total(c, u, m, g), codes, upper, lower});
  else
    total(c, u, m, g) = dot(total(c, u, m, g), upper);

  step = RDom(0, int(ofRow), "group");
  Expr integer = isSplit ? (total(c, u, m, step)[0] << 8) + total(c, u, m, step)[1] : Expr(total(c, u, m, step));
  sums(c, u, m) = 0.0f;
  sums(c, u, m) =
      fused(floatOp(kIntegerToFloat, {integer}), product(levelOf(step), scales(scaleAt, step, row)), sums(c, u, m));
}

void GemmSums::defineCodes() {
  viewCodes();
  ImageParam x = rowView("x", Float(32), gemm.inputs, {}, 0);
  int size = int(gemm.inputStep), whole = int(gemm.inputs / size), rest = int(gemm.inputs % size);
  sums(c, u, m) = 0.0f;
  auto add = [&](Expr input, Expr group) {
    Expr byte = (bytes(input / 4, group) >> cast<uint32_t>(input % 4 * 8)) & Expr(0xffu);
    Expr scale = gemm.headBytes ? product(levelOf(group), heads(c, u)) : levelOf(group);
    Expr weight = product(floatOp(kIntegerToFloat, {byte - Expr(128u)}), scale);
    sums(c, u, m) = fused(x(group * size + input, inputRow()), weight, sums(c, u, m));
  };
  step = RDom(0, size, 0, whole, "step");
  add(step.x, step.y);
  if (rest == 0)
    return;
  tail = RDom(0, rest, "tail");
  add(tail, whole);
}
