//===- Tokenizer.h - Tokenizers for compile and tokenize --------*- C++ -*-===//
#ifndef COMPILER_TOOLS_TOKENIZER_H
#define COMPILER_TOOLS_TOKENIZER_H

#include "frontends/Models/Models.h"
#include "runtime/tools/Tokenize.h"

namespace rwkvc {

/// What `compile` embeds, packed and known to be good for the model; empty for none. `source` is "bytes",
/// "none", a file, or empty: what the checkpoint carries.
llvm::Expected<std::string> tokenizerFor(llvm::StringRef source, const Checkpoint &checkpoint, const ModelInfo &model);

/// Modules, packed tokenizers, and vocabularies of any format.
TokenizerSource tokenizerSource();

} // namespace rwkvc

#endif // COMPILER_TOOLS_TOKENIZER_H
