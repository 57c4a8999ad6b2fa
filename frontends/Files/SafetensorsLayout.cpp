//===- SafetensorsLayout.cpp - What .safetensors puts before its data -----===//
//
// The header is padded with spaces so that the data starts at a multiple of 64 bytes.
//
//===----------------------------------------------------------------------===//
#include "frontends/Files/Layouts.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MathExtras.h"

using namespace rwkvc;

static void describe(llvm::json::OStream &json, const StoredTensor &tensor, uint64_t begin) {
  json.attributeObject(tensor.name, [&] {
    json.attribute("dtype", name(tensor.type).upper());
    json.attributeArray("shape", [&] {
      for (int64_t size : tensor.shape)
        json.value(size);
    });
    json.attributeArray("data_offsets", [&] {
      json.value(begin);
      json.value(begin + tensor.bytes());
    });
  });
}

CheckpointLayout rwkvc::safetensorsLayout(llvm::ArrayRef<StoredTensor> tensors,
                                          const std::map<std::string, std::string> &metadata) {
  std::string text;
  llvm::raw_string_ostream out(text);
  llvm::json::OStream json(out);
  json.object([&] {
    if (!metadata.empty())
      json.attributeObject("__metadata__", [&] {
        for (const auto &[key, value] : metadata)
          json.attribute(key, value);
      });
    uint64_t begin = 0;
    for (const StoredTensor &tensor : tensors) {
      describe(json, tensor, begin);
      begin += tensor.bytes();
    }
  });
  // The length in front takes eight bytes.
  text.append(llvm::alignTo(text.size() + 8, 64) - text.size() - 8, ' ');
  char length[8];
  llvm::support::endian::write64le(length, text.size());
  return {std::string(length, sizeof length) + text, std::vector<std::string>(tensors.size()), ""};
}
