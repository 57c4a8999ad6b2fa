//===- KeptFormat.cpp - What becomes of quantised tensors -----------------===//
//
// Types whose blocks have an offset or scales of two stages fit no format of ours. Their values are rounded to q8,
// whose error is 2.6e-5 of the mean square: Q4_K has lost 5e-3 before and Q6_K 3e-4.
//
//===----------------------------------------------------------------------===//
#include "dialects/Quant/KeptFormat.h"

using namespace rwkvc;
using namespace rwkvc::weight;
using llvm::StringRef;

/// Groups of q8_0 and q4_0 go along rows, as blocks do.
static bool hasBlocksInRows(const TensorView &view) {
  return view.strides.back() == 1 && view.first % blockElements(view.dtype) == 0 &&
         view.shape.back() % blockElements(view.dtype) == 0;
}

bool rwkvc::weight::holdsExactly(StringRef format, const TensorView &view) {
  if (format == "f32")
    return true;
  if (!hasBlocksInRows(view))
    return false;
  switch (view.dtype) {
  case DType::Q4_0:
    return format == "q4_0" || format == "q8_0";
  case DType::Q5_0:
  case DType::Q8_0:
    return format == "q8_0";
  default:
    return false;
  }
}

StringRef rwkvc::weight::keptFormat(const TensorView &view, bool isTable) {
  // A norm is folded into a table, so that none is held exactly; of what has lost most, q8 is close enough.
  if (isTable)
    return view.dtype == DType::Q8_0 || view.dtype == DType::Q6_K ? "f16" : "q8";
  for (StringRef format : {"q4_0", "q8_0"})
    if (holdsExactly(format, view))
      return format;
  return "q8";
}
