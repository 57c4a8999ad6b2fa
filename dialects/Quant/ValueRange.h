//===- ValueRange.h - Which values a weight may have -------------*- C++ -*-===//
#ifndef DIALECTS_QUANT_VALUERANGE_H
#define DIALECTS_QUANT_VALUERANGE_H

#include "dialects/Quant/Format.h"
#include "llvm/Support/Error.h"

namespace rwkvc::weight {

class ValueRange {
public:
  /// All that are finite.
  ValueRange();

  /// What `format` can hold.
  ValueRange(const Format &format, mlir::MLIRContext *context);

  /// A sentence if a value of `row` is beyond. One pass without branches otherwise: every row of the model goes
  /// through.
  llvm::Error check(llvm::StringRef weight, llvm::ArrayRef<float> row) const;

private:
  llvm::StringRef format;
  uint32_t largest; // bits of an f32; those of positive floats are ordered as the floats are
};

} // namespace rwkvc::weight

#endif // DIALECTS_QUANT_VALUERANGE_H
