//===- WeightClass.h - The kinds of matrices that models have ----*- C++ -*-===//
//
// What `--weights` names, and what a module says of its formats: by the tensors' names, whatever the version.
//
//===----------------------------------------------------------------------===//
#ifndef DIALECTS_QUANT_WEIGHTCLASS_H
#define DIALECTS_QUANT_WEIGHTCLASS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <string>

namespace rwkvc::weight {

/// "emb", "head", "att.key", "lora.w", ...: each once. What stands before a dot is a group.
llvm::ArrayRef<llvm::StringRef> weightClasses();

/// "att.key" for "blocks.3.att.key.weight"; "other" for what is in no class. Rows are picked from a table, other
/// matrices are multiplied with: a head that is tied to the embedding is still "head".
llvm::StringRef classOf(llvm::StringRef tensor, bool isTable);

/// Whether `name` is the class or its group.
bool covers(llvm::StringRef name, llvm::StringRef weightClass);

/// "emb, head, att, att.receptance, ...": for messages.
std::string classNames();

} // namespace rwkvc::weight

#endif // DIALECTS_QUANT_WEIGHTCLASS_H
