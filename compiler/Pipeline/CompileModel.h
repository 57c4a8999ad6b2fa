//===- CompileModel.h - From a model's program to a module -------*- C++ -*-===//
//
// Joins the phases, the code generator, the linker and the writer. Knows no checkpoint format: weights are views.
//
//===----------------------------------------------------------------------===//
#ifndef COMPILER_PIPELINE_COMPILEMODEL_H
#define COMPILER_PIPELINE_COMPILEMODEL_H

#include "compiler/Pipeline/Phases.h"
#include "dialects/Quant/InputMoments.h"
#include "dialects/Quant/TensorView.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/raw_ostream.h"

namespace rwkvc {

struct CompileOptions {
  PhaseOptions phases;
  std::string output;

  /// What matrices are multiplied with, where it is known.
  const weight::MomentsTable &moments;

  /// These bytes of the checkpoint were read and are not needed again.
  llvm::function_ref<void(llvm::ArrayRef<std::byte>)> release;

  /// What is being done, and how much of how much when that is known.
  llvm::function_ref<void(llvm::StringRef what, uint64_t done, uint64_t total)> progress;
};

/// Makes `context` able to compile: no threads, so that compilations do not depend on the machine's load.
void prepareContext(mlir::MLIRContext &context);

/// Machine code of a module that went through every phase, for linkImage.
llvm::Expected<llvm::SmallVector<char, 0>> makeObject(mlir::ModuleOp module, const Target &target);

struct CompiledModel {
  uint64_t bytes; // of the file

  /// What became of matrices that the checkpoint has quantised: "97 of q4_0 kept in q4_0 with every bit, 1 of q6_k
  /// rounded to q8"; empty if there are none.
  std::string quantised;
};

/// Lowers `module` in place, and writes options.output whole or not at all.
llvm::Expected<CompiledModel> compileModel(mlir::ModuleOp module, const TensorTable &tensors,
                                           const CompileOptions &options);

/// A sentence unless printAfter knows the phase: those of Phases.h, "asm" and "halide-stmt".
llvm::Error checkPrintable(llvm::StringRef phase);

/// Lowers `module` in place up to the phase, and prints it below a comment that says how to replay the next phase.
llvm::Error printAfter(mlir::ModuleOp module, llvm::StringRef phase, const PhaseOptions &options,
                       llvm::raw_ostream &out);

} // namespace rwkvc

#endif // COMPILER_PIPELINE_COMPILEMODEL_H
