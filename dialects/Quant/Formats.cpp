//===- Formats.cpp - The list of weight formats ---------------------------===//
#include "dialects/Quant/Format.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace rwkvc::weight;

ArrayRef<const Format *> rwkvc::weight::formats() {
  static const Format *const list[] = {&f32Format, &f16Format, &bf16Format};
  return list;
}

const Format *rwkvc::weight::findFormat(StringRef name) {
  const auto *found = llvm::find_if(formats(), [&](const Format *format) { return format->name == name; });
  return found == formats().end() ? nullptr : *found;
}

MemRefType Format::packedType(MLIRContext *context, int64_t outputs, int64_t inputs, int64_t panel) const {
  return MemRefType::get(
      {llvm::divideCeilSigned(outputs, panel), llvm::divideCeilSigned(inputs, inputStep), panel * inputStep},
      elementType(context));
}
