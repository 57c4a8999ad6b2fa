//===- NamesReversal.cpp - RWKV-LM's digit-reversal model -----------------===//
//
// An RWKV-7 of two layers without ln0, beside whose time mixing stand two ROSA blocks. In the published
// file their tables are zero, so that all they do is to add a constant, the bias of their output.
//
//===----------------------------------------------------------------------===//
#include "frontends/Files/Refusal.h"
#include "frontends/Models/NameSchemes.h"
#include "llvm/ADT/STLExtras.h"
#include <vector>

using namespace rwkvc;
using llvm::StringRef;

/// More channels than any model has: a bound for what is read into memory.
static constexpr int64_t kLargestTable = 1 << 20;

/// "att.r_k" for "rwkv1.r_k", of layer 0; the layer counts from 1 in the file.
static std::string canonicalName(StringRef name) {
  static const std::pair<const char *, const char *> kWhole[] = {
      {"e.weight", "emb.weight"},      {"o.weight", "head.weight"}, {"o.bias", "head.bias"},
      {"lno.weight", "ln_out.weight"}, {"lno.bias", "ln_out.bias"},
  };
  for (auto [from, to] : kWhole)
    if (name == from)
      return to;
  for (int layer : {0, 1}) {
    std::string number = std::to_string(layer + 1), block = "blocks." + std::to_string(layer) + ".";
    const std::pair<std::string, const char *> parts[] = {
        {"rwkv" + number + ".", "att."},
        {"ffn" + number + ".", "ffn."},
        {"ln" + number + "a.", "ln1."},
        {"ln" + number + "b.", "ln2."},
        {"rosa" + number + ".o.bias", "att.output.bias"},
    };
    for (const auto &[from, to] : parts)
      if (name.starts_with(from))
        return block + to + name.drop_front(from.size()).str();
  }
  return "";
}

/// Whether looking something up in the table [1, 1, C] has no effect.
static bool isZero(const TensorView &view) {
  if (view.shape.size() != 3 || view.shape[0] != 1 || view.shape[1] != 1 || view.shape[2] > kLargestTable)
    return false;
  std::vector<float> values(view.shape[2]);
  view.readRow(0, values);
  return llvm::all_of(values, [](float value) { return value == 0.0f; });
}

llvm::Error rwkvc::nameReversal(const Checkpoint &checkpoint, Model &model) {
  for (const auto &[name, view] : checkpoint.tensors) {
    if (StringRef(name).ends_with(".rosa_qkv.emb") && !isZero(view))
      return refuse("tensor " + quoted(name) + " is not zero, and ROSA lookups are not supported");
    std::string canonical = canonicalName(name);
    if (!canonical.empty())
      addTensor(model, canonical, view);
  }
  return llvm::Error::success();
}
