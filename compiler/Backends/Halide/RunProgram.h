//===- RunProgram.h - Asks rwkvc-halide for functions ------------*- C++ -*-===//
#ifndef COMPILER_BACKENDS_HALIDE_RUNPROGRAM_H
#define COMPILER_BACKENDS_HALIDE_RUNPROGRAM_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include <string>

namespace rwkvc::halide_backend {

/// Runs the program that is installed beside this one with `options`, gives it `input`, and returns what it writes. Its
/// own sentence is the error where it fails; it may take ten minutes and 8 GiB.
llvm::Expected<std::string> runProgram(llvm::StringRef input, llvm::ArrayRef<std::string> options);

/// Whether it is there.
bool hasProgram();

} // namespace rwkvc::halide_backend

#endif // COMPILER_BACKENDS_HALIDE_RUNPROGRAM_H
