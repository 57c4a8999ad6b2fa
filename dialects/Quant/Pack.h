//===- Pack.h - From a checkpoint's tensor to the module's bytes -*- C++ -*-===//
//
// Streams: whatever the size of the tensor, memory is needed for some panels of it, one or a few for each thread;
// an input-major weight is held as a whole.
//
//===----------------------------------------------------------------------===//
#ifndef DIALECTS_QUANT_PACK_H
#define DIALECTS_QUANT_PACK_H

#include "dialects/Quant/InputMoments.h"
#include "dialects/Quant/TensorView.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"
#include <cstdint>

namespace rwkvc::weight {

/// Bytes that a weight takes in the module. Its type must have a #weight.layout of a known format.
uint64_t packedBytes(mlir::RankedTensorType type);

/// Where a weight may start: matrices at pages, all others at cache lines.
uint64_t packedAlignment(mlir::RankedTensorType type);

/// A sentence if packedBytes and packTensor cannot serve this type.
llvm::Error checkPackable(llvm::StringRef name, mlir::RankedTensorType type);

struct PackRequest {
  llvm::StringRef name; // for refusals
  const TensorView &source;
  mlir::ArrayAttr transforms; // may be null
  const TensorTable &table;   // what the transforms read
  mlir::RankedTensorType type;
  const InputMoments *moments = nullptr; // what it is multiplied with, if that is known; used if the format can
  unsigned threads = 0;                  // at most; 0 for as many as there are CPUs
};

/// Gives the packed bytes to `sink`, in order and packedBytes(type) in all: some panels at a time, with zeros for
/// outputs beyond the last; without panels, some rows. `onRow`, which may be null, sees each row of the source once, in
/// order, before its transforms. Both are called by several threads, but by none while another is in the same one.
/// Refuses values that are not finite or that the format cannot hold. The bytes are the same for any number of threads.
llvm::Error packTensor(const PackRequest &request, llvm::function_ref<void(llvm::ArrayRef<float>)> onRow,
                       llvm::function_ref<llvm::Error(llvm::ArrayRef<uint8_t>)> sink);

} // namespace rwkvc::weight

#endif // DIALECTS_QUANT_PACK_H
