// Token ids as users write them.
#ifndef RUNTIME_TOOLS_TOKENS_H
#define RUNTIME_TOOLS_TOKENS_H

#include <cstdint>
#include <string>
#include <vector>

namespace rwkvc {

// "34,105,110", the value of `option`. A bad id ends the verb with a sentence that names its position.
std::vector<int32_t> parseTokens(const std::string &list, uint32_t vocabulary, const std::string &option = "--tokens");

// Decimal ids separated by white space.
std::vector<int32_t> readTokens(const std::string &path, uint32_t vocabulary);

// A whole file.
std::string readText(const std::string &path);

} // namespace rwkvc

#endif // RUNTIME_TOOLS_TOKENS_H
