//===- TinyCheckpoint.h - Checkpoints made in memory ------------*- C++ -*-===//
//
// Official names and shapes with one distinct number an element, and what the converters of
// rwkv.cpp and llama.cpp would make of them, by copies rather than by views.
//
//===----------------------------------------------------------------------===//
#ifndef TEST_FRONTENDS_MODELS_TINYCHECKPOINT_H
#define TEST_FRONTENDS_MODELS_TINYCHECKPOINT_H

#include "frontends/Files/Checkpoint.h"
#include <memory>
#include <vector>

struct TinyCheckpoint {
  rwkvc::Checkpoint checkpoint;

  /// New numbers under a name, in f32.
  void add(const std::string &name, llvm::ArrayRef<int64_t> shape);
  void add(const std::string &name, llvm::ArrayRef<int64_t> shape, std::vector<float> values);
  void remove(const std::string &name) { checkpoint.tensors.erase(name); }

  std::vector<float> values(const std::string &name) const;

private:
  std::vector<std::shared_ptr<std::vector<float>>> storage;
  float next = 0;
};

/// Two layers, C = 32 in 4 heads of 8, F = 40, V = 12, all ranks different.
TinyCheckpoint tinyRwkv4();
TinyCheckpoint tinyRwkv5(llvm::StringRef version, llvm::StringRef bonus); // "5.0" to "5.2"; "time_first" or ...
TinyCheckpoint tinyRwkv6();
TinyCheckpoint tinyRwkv7();

TinyCheckpoint toRwkvCpp(const TinyCheckpoint &from);
/// llama.cpp's names; RWKV-6 with rescale_every_n_layers = 1 and the matrices divided to match.
TinyCheckpoint toGguf(const TinyCheckpoint &from, bool six);

/// The names of RWKV-LM's digit-reversal model, with its ROSA tables at zero and biases.
TinyCheckpoint toReversal(const TinyCheckpoint &from);

#endif // TEST_FRONTENDS_MODELS_TINYCHECKPOINT_H
