//===- Mixture.h - A format for each class of matrices -----------*- C++ -*-===//
//
// What `--weights` says: "q4,head=q8,att=f16,att.key=q4" is a format, then exceptions, of which the last counts. A
// format that comes first brings exceptions of its own (Format::exceptions), before those that are written.
//
//===----------------------------------------------------------------------===//
#ifndef DIALECTS_QUANT_MIXTURE_H
#define DIALECTS_QUANT_MIXTURE_H

#include "dialects/Quant/Format.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"

namespace rwkvc::weight {

class Mixture {
public:
  /// Refuses unknown formats and classes with a sentence that lists those that there are.
  static llvm::Expected<Mixture> parse(llvm::StringRef text);

  /// Whether weights stay as they are stored where nothing else is said.
  bool isStored() const { return !others; }

  /// Null for weights that stay as they are stored.
  const Format *format(llvm::StringRef weightClass) const;

private:
  llvm::Error setDefault(llvm::StringRef name);
  llvm::Error setException(llvm::StringRef text);

  const Format *others = nullptr;
  llvm::StringMap<const Format *> exceptions; // by class
};

} // namespace rwkvc::weight

#endif // DIALECTS_QUANT_MIXTURE_H
