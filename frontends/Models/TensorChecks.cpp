//===- TensorChecks.cpp - Are the tensors those of the version? -----------===//
#include "frontends/Models/TensorChecks.h"
#include "frontends/Files/Refusal.h"
#include "frontends/Models/Views.h"

using namespace rwkvc;
using llvm::ArrayRef;
using llvm::StringRef;

/// No released model comes near; products of two such sizes still fit an int64_t.
static constexpr int64_t kLargestSize = int64_t(1) << 31;

/// "[128, any]".
static std::string expectedText(ArrayRef<int64_t> shape) {
  std::string text = "[";
  for (int64_t size : shape)
    text += (text.size() > 1 ? ", " : "") + (size == TensorChecks::kAny ? "any" : std::to_string(size));
  return text + "]";
}

static bool fits(ArrayRef<int64_t> found, ArrayRef<int64_t> expected) {
  if (found.size() != expected.size())
    return false;
  for (auto [size, wanted] : llvm::zip_equal(found, expected))
    if (size > kLargestSize || (wanted != TensorChecks::kAny && size != wanted))
      return false;
  return true;
}

void TensorChecks::enterLayer(int64_t layer) { prefix = layer < 0 ? "" : "blocks." + std::to_string(layer) + "."; }

bool TensorChecks::has(StringRef name) const { return tensors.count(full(name)); }

const TensorView *TensorChecks::find(StringRef name) {
  if (failed())
    return nullptr;
  auto at = tensors.find(full(name));
  if (at == tensors.end()) {
    wrong = "the checkpoint has no tensor '" + full(name) + "'";
    return nullptr;
  }
  return &at->second;
}

int64_t TensorChecks::size(StringRef name, ArrayRef<int64_t> shape, size_t dimension) {
  const TensorView *tensor = find(name);
  if (!tensor)
    return 1;
  if (!fits(tensor->shape, shape)) {
    wrong = "tensor '" + full(name) + "' is " + shapeText(tensor->shape) + ", but must be " + expectedText(shape);
    return 1;
  }
  return tensor->shape[dimension];
}

void TensorChecks::expect(ArrayRef<StringRef> names, ArrayRef<int64_t> shape) {
  for (StringRef name : names)
    size(name, shape, 0);
}

size_t TensorChecks::rank(StringRef name) {
  const TensorView *tensor = find(name);
  return tensor ? tensor->shape.size() : 0;
}

void TensorChecks::require(bool condition, StringRef name, const llvm::Twine &sentence) {
  if (!condition && !failed())
    wrong = ("tensor '" + full(name) + "' " + sentence).str();
}

void TensorChecks::change(StringRef name, llvm::function_ref<TensorView(const TensorView &)> view) {
  derive(name, name, view);
}

void TensorChecks::derive(StringRef name, StringRef from, llvm::function_ref<TensorView(const TensorView &)> view) {
  if (const TensorView *tensor = find(from))
    tensors[full(name)] = view(*tensor);
}

int64_t TensorChecks::transposeForLinear(StringRef name, int64_t inputs, int64_t outputs) {
  int64_t free = size(name, {inputs, outputs}, inputs == kAny ? 0 : 1);
  derive((name + ".t").str(), name, transposed);
  return free;
}

llvm::Error TensorChecks::takeError() { return failed() ? refuse(wrong) : llvm::Error::success(); }
