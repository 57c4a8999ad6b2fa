//===- GgufTypes.h - GGUF's tensor types ------------------------*- C++ -*-===//
#ifndef FRONTENDS_FILES_GGUFTYPES_H
#define FRONTENDS_FILES_GGUFTYPES_H

#include "dialects/Quant/DType.h"
#include <optional>
#include <string>

namespace rwkvc {

/// "Q4_K", or "number 99" for a type that is not known.
std::string ggufTypeName(uint32_t type);

/// None for a type that is not read.
std::optional<DType> ggufType(uint32_t type);

/// What `type` is in a file.
uint32_t ggufTypeNumber(DType type);

/// "F32, F16, ...": those that are read, for messages.
std::string ggufTypesRead();

} // namespace rwkvc

#endif // FRONTENDS_FILES_GGUFTYPES_H
