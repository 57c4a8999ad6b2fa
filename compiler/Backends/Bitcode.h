//===- Bitcode.h - Kernels that others have compiled -------------*- C++ -*-===//
//
// A backend outside of this process, or of another LLVM, answers with bitcode. It stays in an attribute of the
// kernel's declaration, so that the text of a phase has all of it, until there is LLVM IR to link it with.
//
//===----------------------------------------------------------------------===//
#ifndef COMPILER_BACKENDS_BITCODE_H
#define COMPILER_BACKENDS_BITCODE_H

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"

namespace llvm {
class Module;
}

namespace rwkvc {

inline constexpr llvm::StringLiteral kBitcodeAttr = "kernel.bitcode";

/// `bitcode`, of any LLVM up to ours, defines a function of the name and type of `function`.
inline void setBitcode(mlir::LLVM::LLVMFuncOp function, llvm::StringRef bitcode) {
  function.setLinkage(mlir::LLVM::Linkage::External); // as MLIR demands of declarations
  function->setAttr(kBitcodeAttr, mlir::StringAttr::get(function.getContext(), bitcode));
}

/// Adds the bitcode of the functions of `module` to `translated`, which is `module` as LLVM IR. Nothing of it is visible
/// outside, and the kernels are not inlined.
llvm::Error linkBitcode(mlir::ModuleOp module, llvm::Module &translated);

} // namespace rwkvc

#endif // COMPILER_BACKENDS_BITCODE_H
