//===- GgufTypes.h - Names of GGUF's tensor types ---------------*- C++ -*-===//
//
// For refusals: a person should read "Q4_K", not "12".
//
//===----------------------------------------------------------------------===//
#ifndef FRONTENDS_FILES_GGUFTYPES_H
#define FRONTENDS_FILES_GGUFTYPES_H

#include <cstdint>
#include <string>

namespace rwkvc {

/// "Q4_K", or "number 99" for a type that is not known.
std::string ggufTypeName(uint32_t type);

} // namespace rwkvc

#endif // FRONTENDS_FILES_GGUFTYPES_H
