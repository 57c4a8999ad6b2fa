//===- Formats.cpp - The list of weight formats ---------------------------===//
#include "dialects/Quant/Groups.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace rwkvc::weight;

ArrayRef<const Format *> rwkvc::weight::formats() {
  static const Format *const list[] = {&f32Format, &f16Format,  &bf16Format, &q8Format,
                                       &q4Format,  &q8_0Format, &q4_0Format};
  return list;
}

std::string rwkvc::weight::formatNames() {
  return llvm::join(llvm::map_range(formats(), [](const Format *format) { return format->name; }), ", ");
}

const Format *rwkvc::weight::findFormat(StringRef name) {
  const auto *found = llvm::find_if(formats(), [&](const Format *format) { return format->name == name; });
  return found == formats().end() ? nullptr : *found;
}

int64_t Format::panelBytes(int64_t inputs, int64_t panel) const {
  return panel * (headBytes + llvm::divideCeilSigned(inputs, inputStep) * stepBytes);
}

static int64_t blocks(int64_t outputs) { return llvm::divideCeilSigned(outputs, kInputBlock); }

int64_t InputMajor::headBytes(int64_t outputs) const {
  return levelOutputs ? blocks(outputs) * kInputBlock * sizeof(float) : 0;
}

int64_t InputMajor::levelsOffset(int64_t outputs) const { return blocks(outputs) * codeBytes; }

int64_t InputMajor::pieceBytes(int64_t outputs) const {
  constexpr int64_t cacheLine = 64;
  int64_t levels = levelOutputs ? blocks(outputs) * (kInputBlock / levelOutputs) : 0;
  return llvm::alignTo(levelsOffset(outputs) + levels, cacheLine);
}

int64_t InputMajor::bytes(int64_t outputs, int64_t inputs) const {
  return headBytes(outputs) + inputs * pieceBytes(outputs);
}
