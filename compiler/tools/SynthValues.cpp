//===- SynthValues.cpp - Random values that any place can ask for ---------===//
#include "compiler/tools/SynthValues.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/xxhash.h"

using namespace rwkvc;

/// A bijection of 64 bits that scatters consecutive numbers (the finaliser of SplitMix64).
static uint64_t scatter(uint64_t bits) {
  bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9ull;
  bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebull;
  return bits ^ (bits >> 31);
}

/// A neighbour of the finite `value` that bf16 and f16 both have.
static float representable(float value) {
  // Steps of 2^-24, f16's smallest number: the last place of a sum from 0.5 to 1.
  value = (value + 0.75f) - 0.75f;
  // bf16's 8 digits are fewer than f16's, and stay multiples of 2^-24.
  auto bits = llvm::bit_cast<uint32_t>(value);
  return llvm::bit_cast<float>((bits + 0x7fff + ((bits >> 16) & 1)) & 0xffff0000);
}

void rwkvc::synthValues(llvm::MutableArrayRef<float> out, const SynthTensor &tensor, int64_t first, uint64_t seed) {
  constexpr uint64_t step = 0x9e3779b97f4a7c15ull;
  const Distribution &distribution = tensor.distribution;
  uint64_t key = scatter(seed ^ llvm::xxh3_64bits(llvm::StringRef(tensor.name)));
  uint64_t counter = key + static_cast<uint64_t>(first) * step;
  if (distribution.kind == Distribution::Uniform) {
    float scale = (distribution.second - distribution.first) * 0x1p-24f;
    for (float &element : out)
      element = representable(distribution.first + scale * float(scatter(counter += step) >> 40));
    return;
  }
  // The sum of four 16-bit numbers is close to normal, has mean 131070 and deviation 65536 / sqrt(3).
  float scale = distribution.second * (1.7320508f / 65536.0f);
  for (float &element : out) {
    uint64_t bits = scatter(counter += step);
    int32_t sum =
        int32_t(bits & 0xffff) + int32_t(bits >> 16 & 0xffff) + int32_t(bits >> 32 & 0xffff) + int32_t(bits >> 48);
    element = representable(distribution.first + scale * float(sum - 131070));
  }
}
