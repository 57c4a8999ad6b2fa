//===- FirstError.h - MLIR's diagnostics as one sentence ---------*- C++ -*-===//
//
// While it lives, errors are kept instead of printed. What follows the first one is usually its consequence.
//
//===----------------------------------------------------------------------===//
#ifndef COMPILER_PIPELINE_FIRSTERROR_H
#define COMPILER_PIPELINE_FIRSTERROR_H

#include "mlir/IR/Diagnostics.h"
#include <string>

namespace rwkvc {

class FirstError {
public:
  explicit FirstError(mlir::MLIRContext *context)
      : handler(context, [this](mlir::Diagnostic &diagnostic) {
          if (text.empty() && diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error)
            text = diagnostic.str();
          return mlir::success();
        }) {}

  /// The first line of the first error.
  std::string sentence() const {
    return text.empty() ? "it gave no reason" : llvm::StringRef(text).split('\n').first.str();
  }

private:
  std::string text;
  mlir::ScopedDiagnosticHandler handler;
};

} // namespace rwkvc

#endif // COMPILER_PIPELINE_FIRSTERROR_H
