//===- SynthValues.h - Random values that any place can ask for -*- C++ -*-===//
//
// Every value is a function of seed, tensor name and index alone, so the same weights come out in
// whatever order and container they are written. Every value is exact in bf16 and in f16.
//
//===----------------------------------------------------------------------===//
#ifndef COMPILER_TOOLS_SYNTHVALUES_H
#define COMPILER_TOOLS_SYNTHVALUES_H

#include "compiler/tools/SynthModel.h"
#include "llvm/ADT/ArrayRef.h"

namespace rwkvc {

/// Elements `first` and on of the tensor.
void synthValues(llvm::MutableArrayRef<float> out, const SynthTensor &tensor, int64_t first, uint64_t seed);

} // namespace rwkvc

#endif // COMPILER_TOOLS_SYNTHVALUES_H
