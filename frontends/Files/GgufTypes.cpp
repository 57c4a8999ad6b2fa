//===- GgufTypes.cpp - Names of GGUF's tensor types -----------------------===//
//
// Numbers that the format has retired have no name.
//
//===----------------------------------------------------------------------===//
#include "frontends/Files/GgufTypes.h"
#include <iterator>

using namespace rwkvc;

static constexpr const char *names[] = {
    "F32",  "F16",  "Q4_0", "Q4_1", nullptr,   nullptr,  "Q5_0",    "Q5_1",  "Q8_0",   "Q8_1",  "Q2_K",  "Q3_K",
    "Q4_K", "Q5_K", "Q6_K", "Q8_K", "IQ2_XXS", "IQ2_XS", "IQ3_XXS", "IQ1_S", "IQ4_NL", "IQ3_S", "IQ2_S", "IQ4_XS",
    "I8",   "I16",  "I32",  "I64",  "F64",     "IQ1_M",  "BF16",    nullptr, nullptr,  nullptr, "TQ1_0", "TQ2_0",
};

std::string rwkvc::ggufTypeName(uint32_t type) {
  if (type < std::size(names) && names[type])
    return names[type];
  return "number " + std::to_string(type);
}
