//===- ValueRange.cpp - Which values a weight may have --------------------===//
#include "dialects/Quant/ValueRange.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/FormatVariadic.h"
#include <cmath>
#include <limits>

using namespace rwkvc::weight;

ValueRange::ValueRange() : largest(llvm::bit_cast<uint32_t>(std::numeric_limits<float>::max())) {}

ValueRange::ValueRange(const Format &format, mlir::MLIRContext *context) : ValueRange() {
  if (format.codeBits && format.headBytes)
    return; // scales follow the values
  this->format = format.name;
  auto type =
      mlir::cast<mlir::FloatType>(format.codeBits ? mlir::Float16Type::get(context) : format.elementType(context));
  llvm::APFloat value = llvm::APFloat::getLargest(type.getFloatSemantics());
  bool inexact;
  value.convert(llvm::APFloat::IEEEsingle(), llvm::APFloat::rmTowardZero, &inexact);
  int64_t largestCode = format.codeBits ? 1 << (format.codeBits - 1) : 1; // under a scale of either sign
  largest = llvm::bit_cast<uint32_t>(value.convertToFloat() * float(largestCode));
}

static bool anyBeyond(llvm::ArrayRef<float> row, uint32_t largest) {
  uint32_t beyond = 0;
  for (float x : row)
    beyond |= int32_t(llvm::bit_cast<uint32_t>(x) & 0x7fffffff) > int32_t(largest);
  return beyond;
}

llvm::Error ValueRange::check(llvm::StringRef weight, llvm::ArrayRef<float> row) const {
  if (!anyBeyond(row, largest))
    return llvm::Error::success();
  float value = *llvm::find_if(row, [&](float x) { return anyBeyond(x, largest); });
  return llvm::createStringError("weight '" + weight + "' " +
                                 (std::isfinite(value)
                                      ? llvm::formatv("has the value {0}, which {1} cannot hold", value, format).str()
                                      : "has a value that is not finite"));
}
