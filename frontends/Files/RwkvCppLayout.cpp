//===- RwkvCppLayout.cpp - What rwkv.cpp's .bin puts around its data ------===//
//
// A header of six numbers; before each tensor its rank, length of name, type, sizes with the fastest
// first, and name.
//
//===----------------------------------------------------------------------===//
#include "frontends/Files/Layouts.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/EndianStream.h"

using namespace rwkvc;

static uint32_t typeNumber(DType type) {
  switch (type) {
  case DType::F32:
    return 0;
  case DType::F16:
    return 1;
  case DType::Q4_0:
    return 2;
  case DType::Q8_0:
    return 9;
  default:
    llvm_unreachable("rwkv.cpp has no such type");
  }
}

static std::string numbers(llvm::ArrayRef<uint32_t> values) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  for (uint32_t value : values)
    llvm::support::endian::write(stream, value, llvm::endianness::little);
  return text;
}

CheckpointLayout rwkvc::rwkvCppLayout(llvm::ArrayRef<StoredTensor> tensors, DType type, int64_t vocabulary,
                                      int64_t channels, int64_t layers) {
  CheckpointLayout layout;
  layout.header = numbers({0x67676d66, 101, static_cast<uint32_t>(vocabulary), static_cast<uint32_t>(channels),
                           static_cast<uint32_t>(layers), typeNumber(type)});
  for (const StoredTensor &tensor : tensors) {
    llvm::SmallVector<uint32_t, 8> description = {static_cast<uint32_t>(tensor.shape.size()),
                                                  static_cast<uint32_t>(tensor.name.size()), typeNumber(tensor.type)};
    for (int64_t size : llvm::reverse(tensor.shape))
      description.push_back(static_cast<uint32_t>(size));
    layout.before.push_back(numbers(description) + tensor.name);
  }
  return layout;
}
