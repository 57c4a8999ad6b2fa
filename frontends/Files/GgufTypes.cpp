//===- GgufTypes.cpp - GGUF's tensor types --------------------------------===//
//
// Types that are not read have names too: a person should read "IQ4_XS", not "23". Numbers that the format has retired
// have none.
//
//===----------------------------------------------------------------------===//
#include "frontends/Files/GgufTypes.h"
#include <cassert>
#include <iterator>

using namespace rwkvc;

namespace {
struct Type {
  const char *name = nullptr;
  std::optional<DType> dtype = std::nullopt;
};
} // namespace

// Indexed by the number in the file.
static constexpr Type kTypes[] = {
    {"F32", DType::F32},   {"F16", DType::F16},   {"Q4_0", DType::Q4_0}, {"Q4_1", DType::Q4_1}, {},
    {},                    {"Q5_0", DType::Q5_0}, {"Q5_1", DType::Q5_1}, {"Q8_0", DType::Q8_0}, {"Q8_1"},
    {"Q2_K", DType::Q2_K}, {"Q3_K", DType::Q3_K}, {"Q4_K", DType::Q4_K}, {"Q5_K", DType::Q5_K}, {"Q6_K", DType::Q6_K},
    {"Q8_K"},              {"IQ2_XXS"},           {"IQ2_XS"},            {"IQ3_XXS"},           {"IQ1_S"},
    {"IQ4_NL"},            {"IQ3_S"},             {"IQ2_S"},             {"IQ4_XS"},            {"I8"},
    {"I16"},               {"I32"},               {"I64"},               {"F64"},               {"IQ1_M"},
    {"BF16", DType::BF16}, {},                    {},                    {},                    {"TQ1_0"},
    {"TQ2_0"},
};

std::string rwkvc::ggufTypeName(uint32_t type) {
  if (type < std::size(kTypes) && kTypes[type].name)
    return kTypes[type].name;
  return "number " + std::to_string(type);
}

std::optional<DType> rwkvc::ggufType(uint32_t type) {
  return type < std::size(kTypes) ? kTypes[type].dtype : std::nullopt;
}

uint32_t rwkvc::ggufTypeNumber(DType type) {
  uint32_t number = 0;
  while (kTypes[number].dtype != type)
    ++number;
  return number;
}

std::string rwkvc::ggufTypesRead() {
  std::string text;
  for (const Type &type : kTypes)
    if (type.dtype)
      text += (text.empty() ? "" : ", ") + std::string(type.name);
  return text;
}
