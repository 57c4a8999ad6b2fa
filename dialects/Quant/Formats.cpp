//===- Formats.cpp - The list of weight formats ---------------------------===//
#include "dialects/Quant/Format.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace rwkvc::weight;

ArrayRef<const Format *> rwkvc::weight::formats() {
  static const Format *const list[] = {&f32Format, &f16Format, &bf16Format, &q8Format, &q4Format};
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
