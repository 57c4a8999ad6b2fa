//===- WeightClass.cpp - The kinds of matrices that models have -----------===//
#include "dialects/Quant/WeightClass.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace rwkvc::weight;
using llvm::StringRef;

namespace {
struct Entry {
  StringRef name;
  StringRef prefix; // of the tensor's name in its layer
};
} // namespace

/// The first that matches counts.
static constexpr Entry kEntries[] = {
    {"emb", "emb."},
    {"head", "head."},
    {"att.receptance", "att.receptance."},
    {"att.key", "att.key."},
    {"att.value", "att.value."},
    {"att.gate", "att.gate."},
    {"att.output", "att.output."},
    {"ffn.key", "ffn.key."},
    {"ffn.value", "ffn.value."},
    {"ffn.receptance", "ffn.receptance."},
    {"lora.w", "att.w"},
    {"lora.a", "att.a"},
    {"lora.v", "att.v"},
    {"lora.g", "att.g"},
    {"lora.mix", "att.time_maa_w"},
    {"lora.decay", "att.time_decay_w"},
};

static constexpr auto kNames = [] {
  std::array<StringRef, std::size(kEntries)> names;
  for (size_t i = 0; i < names.size(); ++i)
    names[i] = kEntries[i].name;
  return names;
}();

llvm::ArrayRef<StringRef> rwkvc::weight::weightClasses() { return kNames; }

StringRef rwkvc::weight::classOf(StringRef tensor, bool isTable) {
  if (isTable)
    return "emb";
  if (tensor.consume_front("blocks."))
    tensor = tensor.split('.').second;
  const Entry *found = llvm::find_if(kEntries, [&](const Entry &entry) { return tensor.starts_with(entry.prefix); });
  if (found == std::end(kEntries))
    return "other";
  return found->name == "emb" ? "head" : found->name;
}

bool rwkvc::weight::covers(StringRef name, StringRef weightClass) {
  return name == weightClass || name == weightClass.substr(0, weightClass.find('.'));
}

std::string rwkvc::weight::classNames() {
  llvm::SmallVector<StringRef> names;
  for (StringRef name : kNames) {
    StringRef group = name.split('.').first;
    if (group != name && !llvm::is_contained(names, group))
      names.push_back(group);
    names.push_back(name);
  }
  return llvm::join(names, ", ");
}
