//===- CandidateCode.h - Code of candidates, in this process -----*- C++ -*-===//
#ifndef COMPILER_TUNE_CANDIDATECODE_H
#define COMPILER_TUNE_CANDIDATECODE_H

#include "compiler/Backends/LLVM/Target.h"
#include "mlir/IR/BuiltinOps.h"
#include "runtime/src/Products.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <vector>

namespace rwkvc::tune {

/// The candidates that Tasks.h writes.
llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>> parseCandidates(llvm::StringRef text, mlir::MLIRContext &context);

/// A shared object with some of the candidates. It stays loaded.
class CandidateLibrary {
public:
  static llvm::Expected<CandidateLibrary> load(llvm::StringRef image, uint32_t threads);

  /// Null if there is none of that number.
  void *find(size_t number) const;

  /// What `thread` runs oneDNN's products with; null if there are none.
  ProductThread *productsOf(uint32_t thread) const { return thread < own.size() ? own[thread].get() : nullptr; }

private:
  void *handle = nullptr;
  std::unique_ptr<Products> products;
  std::vector<std::unique_ptr<ProductThread>> own; // of each thread
};

/// Compiles every candidate of `text` for `threads`: number i is in library i modulo `threads`. Compiling takes
/// longer than measuring, so that each thread has a part of it.
llvm::Expected<std::vector<CandidateLibrary>> compileCandidates(llvm::StringRef text, const Target &target,
                                                                llvm::StringRef autoscheduler, uint32_t threads);

} // namespace rwkvc::tune

#endif // COMPILER_TUNE_CANDIDATECODE_H
