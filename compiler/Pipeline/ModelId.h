//===- ModelId.h - Which model a module and a state belong to ----*- C++ -*-===//
//
// A hash of what the checkpoint says, in f32: the same whatever the weight format, the target and the container, and
// different when one element differs.
//
//===----------------------------------------------------------------------===//
#ifndef COMPILER_PIPELINE_MODELID_H
#define COMPILER_PIPELINE_MODELID_H

#include "dialects/Quant/TensorView.h"
#include "runtime/abi/trailer.h"
#include <array>
#include <cstdint>
#include <map>
#include <memory>

namespace rwkvc {

/// Sees each tensor's rows while they are packed, so that no byte of the checkpoint is read twice.
class TensorHash {
public:
  explicit TensorHash(const TensorView &tensor);
  void row(llvm::ArrayRef<float> row);
  XXH128_hash_t digest() const;

private:
  std::unique_ptr<XXH3_state_t, XXH_errorcode (*)(XXH3_state_t *)> state;
};

/// Tensors in any order: what counts is their names.
class ModelId {
public:
  void add(std::string name, const TensorHash &hash) { hashes[std::move(name)] = hash.digest(); }
  bool has(llvm::StringRef name) const { return hashes.count(name.str()); }
  std::array<uint8_t, 16> digest() const;

private:
  std::map<std::string, XXH128_hash_t> hashes;
};

} // namespace rwkvc

#endif // COMPILER_PIPELINE_MODELID_H
