//===- ModuleWriter.h - Writes code and weights as one file ------*- C++ -*-===//
//
// docs/ModuleFormat.md has the layout. Weights stream from the checkpoint to the file.
//
//===----------------------------------------------------------------------===//
#ifndef COMPILER_PIPELINE_MODULEWRITER_H
#define COMPILER_PIPELINE_MODULEWRITER_H

#include "compiler/Pipeline/OutputFile.h"
#include "compiler/Pipeline/PlacedWeights.h"
#include "dialects/Quant/InputMoments.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace rwkvc {

struct ModuleContents {
  llvm::ArrayRef<uint8_t> image;        // what the linker made
  llvm::ArrayRef<PlacedWeight> weights; // in the order of their places
  uint64_t weightsBytes;                // what the header says: at least the weights' extent
  const TensorTable &tensors;           // what the transforms read
  const weight::MomentsTable &moments;  // what matrices are multiplied with, where it is known

  /// These bytes of the checkpoint were read and are not needed again.
  llvm::function_ref<void(llvm::ArrayRef<std::byte>)> release;

  /// Bytes of weights that are written so far.
  llvm::function_ref<void(uint64_t)> progress;
};

/// Everything but the last step: `file` is not committed.
llvm::Error writeModule(OutputFile &file, const ModuleContents &contents);

} // namespace rwkvc

#endif // COMPILER_PIPELINE_MODULEWRITER_H
