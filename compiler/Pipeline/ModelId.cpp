//===- ModelId.cpp - Which model a module and a state belong to -----------===//
#include "compiler/Pipeline/ModelId.h"
#include <cstring>

using namespace rwkvc;

TensorHash::TensorHash(const TensorView &tensor) : state(XXH3_createState(), XXH3_freeState) {
  XXH3_128bits_reset(state.get());
  llvm::StringRef type = name(tensor.dtype);
  XXH3_128bits_update(state.get(), type.data(), type.size());
  // The number of dimensions ends the list, so that no shape's bytes are the beginning of another's.
  uint64_t rank = tensor.shape.size();
  XXH3_128bits_update(state.get(), tensor.shape.data(), rank * sizeof(int64_t));
  XXH3_128bits_update(state.get(), &rank, sizeof(rank));
}

void TensorHash::row(llvm::ArrayRef<float> row) {
  XXH3_128bits_update(state.get(), row.data(), row.size() * sizeof(float));
}

XXH128_hash_t TensorHash::digest() const { return XXH3_128bits_digest(state.get()); }

std::array<uint8_t, 16> ModelId::digest() const {
  std::unique_ptr<XXH3_state_t, XXH_errorcode (*)(XXH3_state_t *)> state(XXH3_createState(), XXH3_freeState);
  XXH3_128bits_reset(state.get());
  XXH128_canonical_t canonical;
  for (const auto &[name, hash] : hashes) {
    XXH128_canonicalFromHash(&canonical, hash);
    XXH3_128bits_update(state.get(), name.c_str(), name.size() + 1);
    XXH3_128bits_update(state.get(), &canonical, sizeof(canonical));
  }
  XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state.get()));
  std::array<uint8_t, 16> id;
  static_assert(sizeof(canonical) == sizeof(id));
  std::memcpy(id.data(), &canonical, sizeof(id));
  return id;
}
