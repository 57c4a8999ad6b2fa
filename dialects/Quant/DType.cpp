//===- DType.cpp - The list of element types ------------------------------===//
#include "dialects/Quant/DType.h"
#include "dialects/Quant/Blocks.h"
#include <cassert>

using namespace rwkvc;

namespace {
struct Facts {
  const char *name;
  int64_t elements, bytes;
  void (*widen)(const std::byte *block, float *out);
};
} // namespace

// In the order of DType.
static constexpr Facts kFacts[] = {
    {"f32", 1, 4, nullptr},
    {"f16", 1, 2, nullptr},
    {"bf16", 1, 2, nullptr},
    {"q4_0", 32, sizeof(BlockQ4_0), widenQ4_0},
    {"q4_1", 32, sizeof(BlockQ4_1), widenQ4_1},
    {"q5_0", 32, sizeof(BlockQ5_0), widenQ5_0},
    {"q5_1", 32, sizeof(BlockQ5_1), widenQ5_1},
    {"q8_0", 32, sizeof(BlockQ8_0), widenQ8_0},
    {"q2_k", 256, sizeof(BlockQ2_K), widenQ2_K},
    {"q3_k", 256, sizeof(BlockQ3_K), widenQ3_K},
    {"q4_k", 256, sizeof(BlockQ4_K), widenQ4_K},
    {"q5_k", 256, sizeof(BlockQ5_K), widenQ5_K},
    {"q6_k", 256, sizeof(BlockQ6_K), widenQ6_K},
};

static const Facts &factsOf(DType type) { return kFacts[static_cast<size_t>(type)]; }

llvm::StringRef rwkvc::name(DType type) { return factsOf(type).name; }
int64_t rwkvc::blockElements(DType type) { return factsOf(type).elements; }
int64_t rwkvc::blockBytes(DType type) { return factsOf(type).bytes; }

int64_t rwkvc::storedBytes(DType type, int64_t elements) {
  assert(elements % blockElements(type) == 0 && "blocks are whole");
  return elements / blockElements(type) * blockBytes(type);
}

void rwkvc::widenBlock(DType type, const std::byte *block, float *out) { factsOf(type).widen(block, out); }
