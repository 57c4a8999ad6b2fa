//===- PickleObjects.cpp - The only objects that a pickle may make --------===//
//
// Globals are names from a fixed list, never looked up anywhere. "Calling" one either records its
// arguments (a tensor) or makes an empty dict.
//
//===----------------------------------------------------------------------===//
#include "frontends/Files/PickleMachine.h"
#include "frontends/Files/Refusal.h"
#include "llvm/ADT/STLExtras.h"

using namespace rwkvc;

static constexpr llvm::StringLiteral rebuildTensor = "torch._utils._rebuild_tensor_v2";
static constexpr llvm::StringLiteral rebuildParameter = "torch._utils._rebuild_parameter";
static constexpr llvm::StringLiteral orderedDict = "collections.OrderedDict";

// Storages of types that cannot be read are known too, so that the refusal names the tensor.
static constexpr llvm::StringLiteral knownGlobals[] = {
    rebuildTensor,
    rebuildParameter,
    orderedDict,
    "torch.FloatStorage",
    "torch.HalfStorage",
    "torch.BFloat16Storage",
    "torch.DoubleStorage",
    "torch.LongStorage",
    "torch.IntStorage",
    "torch.ShortStorage",
    "torch.CharStorage",
    "torch.ByteStorage",
    "torch.BoolStorage",
    "torch.ComplexFloatStorage",
    "torch.ComplexDoubleStorage",
};

llvm::Error PickleMachine::global() {
  std::optional<llvm::StringRef> module = in.takeLine();
  std::optional<llvm::StringRef> symbol = module ? in.takeLine() : std::nullopt;
  if (!symbol)
    return truncated();
  std::string name = (*module + "." + *symbol).str();
  const auto *known = llvm::find(knownGlobals, llvm::StringRef(name));
  if (known == std::end(knownGlobals))
    return refuse("its pickle asks for " + quoted(name) + ", which is no part of a state dict");
  return push({PickleValue::Global, 0, *known, {}});
}

/// Makes a storage of ("storage", type, key, location, elements), after which PyTorch before 1.6 has None, or what a
/// view of another storage is.
llvm::Error PickleMachine::persistentId() {
  if (depth() == 0)
    return underflow();
  const std::vector<uint32_t> &items = top().items;
  auto is = [&](size_t i, PickleValue::Kind kind) { return pickle.values[items[i]].kind == kind; };
  if (top().kind != PickleValue::Tuple || items.size() < 5 || items.size() > 6 || !is(0, PickleValue::Str) ||
      pickle.values[items[0]].text != "storage" || !is(1, PickleValue::Global) || !is(2, PickleValue::Str) ||
      !is(4, PickleValue::Int) || (items.size() == 6 && !is(5, PickleValue::None)))
    return refuse("its pickle has a persistent id that is no tensor's storage");
  PickleValue storage{PickleValue::Storage, 0, {}, items};
  stack.pop_back();
  return push(std::move(storage));
}

llvm::Error PickleMachine::reduce() {
  if (depth() < 2)
    return underflow();
  uint32_t arguments = stack.back(), callee = stack[stack.size() - 2];
  const PickleValue &function = pickle.values[callee];
  if (function.kind != PickleValue::Global || pickle.values[arguments].kind != PickleValue::Tuple)
    return refuse(llvm::Twine("its pickle calls ") + describe(function.kind) + " with " +
                  describe(pickle.values[arguments].kind));
  stack.resize(stack.size() - 2);
  // Copied only once their number is known to be small: a pickle may call with one long tuple often.
  const std::vector<uint32_t> &items = pickle.values[arguments].items;
  if (function.text == orderedDict && items.empty())
    return push({PickleValue::Dict, 0, {}, {}});
  // Storage, offset, sizes, strides, requires_grad, hooks and, sometimes, metadata.
  if (function.text == rebuildTensor && (items.size() == 6 || items.size() == 7))
    return push({PickleValue::Tensor, 0, {}, items});
  // Tensor, requires_grad and hooks.
  if (function.text == rebuildParameter && items.size() == 3 && pickle.values[items[0]].kind == PickleValue::Tensor) {
    stack.push_back(items[0]);
    return llvm::Error::success();
  }
  return refuse("its pickle calls " + quoted(function.text) + " with " + llvm::Twine(items.size()) +
                " arguments, which torch.save does not write");
}

/// Attributes of a dict (the version numbers that a state dict carries) are dropped.
llvm::Error PickleMachine::build() {
  if (depth() < 2)
    return underflow();
  stack.pop_back();
  if (top().kind != PickleValue::Dict)
    return refuse(llvm::Twine("its pickle sets attributes of ") + describe(top().kind));
  return llvm::Error::success();
}

llvm::Error PickleMachine::stepObjects(uint8_t opcode, bool &handled) {
  handled = true;
  switch (opcode) {
  case 'c':
    return global();
  case 'Q':
    return persistentId();
  case 'R':
    return reduce();
  case 'b':
    return build();
  default:
    handled = false;
    return llvm::Error::success();
  }
}
