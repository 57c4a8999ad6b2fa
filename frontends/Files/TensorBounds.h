//===- TensorBounds.h - Checks that every format needs ----------*- C++ -*-===//
//
// A tensor enters a checkpoint only through here: named once, with sizes that multiply without
// overflow, and with every element inside of the bytes that it claims.
//
//===----------------------------------------------------------------------===//
#ifndef FRONTENDS_FILES_TENSORBOUNDS_H
#define FRONTENDS_FILES_TENSORBOUNDS_H

#include "frontends/Files/ByteReader.h"
#include "frontends/Files/Checkpoint.h"

namespace rwkvc {

/// Bytes of a dense tensor; refuses sizes below 1, more than 8 dimensions, rows that are not whole blocks and what
/// does not fit in 63 bits.
llvm::Expected<uint64_t> denseBytes(llvm::StringRef name, DType dtype, llvm::ArrayRef<int64_t> shape);

/// Refuses a tensor without a name and one whose name is taken.
llvm::Error addTensor(Checkpoint &checkpoint, llvm::StringRef name, TensorView view);

/// A dense tensor at byte `offset` of `data`.
llvm::Error addDenseTensor(Checkpoint &checkpoint, llvm::StringRef name, DType dtype, llvm::ArrayRef<int64_t> shape,
                           Bytes data, uint64_t offset);

/// Refuses dense tensors that share bytes: formats that list offsets promise that none do.
llvm::Error refuseOverlaps(const Checkpoint &checkpoint);

} // namespace rwkvc

#endif // FRONTENDS_FILES_TENSORBOUNDS_H
