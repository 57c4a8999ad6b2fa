// rwkvc tokenize, for whatever can be opened as a tokenizer: modules and packed ones here, vocabularies too where
// the compiler is.
#ifndef RUNTIME_TOOLS_TOKENIZE_H
#define RUNTIME_TOOLS_TOKENIZE_H

#include "runtime/include/rwkvc/tokenizer.h"
#include "runtime/tools/Handles.h"

namespace rwkvc {

// A tokenizer, and what it belongs to.
struct OpenedTokenizer {
  ModelHandle model;
  std::unique_ptr<rwkvc_tokenizer_t, Release<rwkvc_tokenizer_release>> own;
  const rwkvc_tokenizer_t *tokenizer = nullptr;
};

// From a file: a compiled module, or the packed form.
OpenedTokenizer openTokenizer(const std::string &path);

OpenedTokenizer openPackedTokenizer(const std::string &packed);

// What the verb takes, said in its help, and how it is opened. `pack`, if there is one, makes the packed form of it.
struct TokenizerSource {
  std::string what;
  OpenedTokenizer (*open)(const std::string &source);
  std::string (*pack)(const std::string &source) = nullptr;
};
void addTokenize(CLI::App &app, const TokenizerSource &source);

} // namespace rwkvc

#endif // RUNTIME_TOOLS_TOKENIZE_H
