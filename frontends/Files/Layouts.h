//===- Layouts.h - What containers put around their tensors -----*- C++ -*-===//
//
// One function a container. Each keeps the order of the tensors; names and shapes are the caller's
// business, as converters differ in them.
//
//===----------------------------------------------------------------------===//
#ifndef FRONTENDS_FILES_LAYOUTS_H
#define FRONTENDS_FILES_LAYOUTS_H

#include "frontends/Files/CheckpointWriter.h"
#include <map>
#include <utility>
#include <variant>

namespace rwkvc {

/// F32, F16 and BF16 only.
CheckpointLayout safetensorsLayout(llvm::ArrayRef<StoredTensor> tensors,
                                   const std::map<std::string, std::string> &metadata);

using GgufValue = std::variant<uint32_t, float, std::string, std::vector<int32_t>, std::vector<std::string>>;
using GgufPairs = std::vector<std::pair<std::string, GgufValue>>;

CheckpointLayout ggufLayout(llvm::ArrayRef<StoredTensor> tensors, const GgufPairs &metadata);

/// The file's type is that of the most matrices: what rwkv.cpp calls the model's format. No BF16, no Q6_K.
CheckpointLayout rwkvCppLayout(llvm::ArrayRef<StoredTensor> tensors, DType type, int64_t vocabulary, int64_t channels,
                               int64_t layers);

} // namespace rwkvc

#endif // FRONTENDS_FILES_LAYOUTS_H
