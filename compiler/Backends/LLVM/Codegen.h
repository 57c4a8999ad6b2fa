//===- Codegen.h - From LLVM IR to machine code ------------------*- C++ -*-===//
#ifndef COMPILER_BACKENDS_LLVM_CODEGEN_H
#define COMPILER_BACKENDS_LLVM_CODEGEN_H

#include "compiler/Backends/LLVM/Target.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"

namespace llvm {
class Module;
}

namespace rwkvc {

/// Prepares every function for the target and runs LLVM's O3. Must come before any emission.
llvm::Error optimise(llvm::Module &module, const Target &target);

/// The bytes of a relocatable object with position-independent code.
llvm::Expected<llvm::SmallVector<char, 0>> emitObject(llvm::Module &module, const Target &target);

/// The same as assembly text, for people and tests.
llvm::Expected<llvm::SmallVector<char, 0>> emitAssembly(llvm::Module &module, const Target &target);

} // namespace rwkvc

#endif // COMPILER_BACKENDS_LLVM_CODEGEN_H
