//===- GgufLayout.cpp - What .gguf puts around its data -------------------===//
//
// Version 3: counts, pairs, descriptions with the fastest dimension first, then each tensor at a
// multiple of 32 bytes.
//
//===----------------------------------------------------------------------===//
#include "frontends/Files/GgufTypes.h"
#include "frontends/Files/Layouts.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/EndianStream.h"
#include "llvm/Support/MathExtras.h"

using namespace rwkvc;

static constexpr uint64_t alignment = 32;

namespace {

class Output {
public:
  std::string text;

  template <typename T> void number(T value) {
    llvm::raw_string_ostream stream(text);
    llvm::support::endian::write(stream, value, llvm::endianness::little);
  }
  void string(llvm::StringRef value) {
    number<uint64_t>(value.size());
    text += value;
  }

  // A value follows the number of its type.
  void value(uint32_t value) { number<uint32_t>(4), number(value); }
  void value(float value) { number<uint32_t>(6), number(value); }
  void value(const std::string &value) { number<uint32_t>(8), string(value); }
  void value(const std::vector<int32_t> &values) {
    array(5, values.size());
    for (int32_t element : values)
      number(element);
  }
  void value(const std::vector<std::string> &values) {
    array(8, values.size());
    for (const std::string &element : values)
      string(element);
  }

private:
  void array(uint32_t type, uint64_t count) {
    number<uint32_t>(9);
    number(type);
    number(count);
  }
};

} // namespace

static std::string padding(uint64_t position) {
  return std::string(llvm::alignTo(position, alignment) - position, '\0');
}

CheckpointLayout rwkvc::ggufLayout(llvm::ArrayRef<StoredTensor> tensors, const GgufPairs &metadata) {
  CheckpointLayout layout;
  Output out;
  out.text = "GGUF";
  out.number<uint32_t>(3);
  out.number<uint64_t>(tensors.size());
  out.number<uint64_t>(metadata.size());
  for (const auto &[key, value] : metadata) {
    out.string(key);
    std::visit([&](const auto &held) { out.value(held); }, value);
  }
  uint64_t position = 0;
  for (const StoredTensor &tensor : tensors) {
    layout.before.push_back(padding(position));
    position += layout.before.back().size();
    out.string(tensor.name);
    out.number<uint32_t>(tensor.shape.size());
    for (int64_t size : llvm::reverse(tensor.shape))
      out.number<uint64_t>(size);
    out.number<uint32_t>(ggufTypeNumber(tensor.type));
    out.number<uint64_t>(position);
    position += tensor.bytes();
  }
  out.text += padding(out.text.size());
  layout.header = std::move(out.text);
  layout.after = padding(position);
  return layout;
}
