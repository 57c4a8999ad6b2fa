//===- StateDict.cpp - The tensors that a pickle describes ----------------===//
#include "frontends/Files/StateDict.h"
#include "frontends/Files/Refusal.h"
#include "frontends/Files/TensorBounds.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace rwkvc;

namespace {

/// Turns the values of one pickle into tensors of one checkpoint.
class StateDict {
public:
  StateDict(Checkpoint &checkpoint, const Pickle &pickle, const llvm::StringMap<Bytes> &storages)
      : checkpoint(checkpoint), pickle(pickle), storages(storages) {}

  llvm::Error read();

private:
  llvm::Error readTensor(llvm::StringRef name, const PickleValue &tensor);
  llvm::Expected<Bytes> storage(llvm::StringRef name, const PickleValue &storage, TensorView &view);
  std::optional<llvm::SmallVector<int64_t, 4>> integers(uint32_t index) const;
  const PickleValue &value(uint32_t index) const { return pickle.values[index]; }

  Checkpoint &checkpoint;
  const Pickle &pickle;
  const llvm::StringMap<Bytes> &storages;
};

} // namespace

llvm::Error StateDict::read() {
  const PickleValue &root = value(pickle.root);
  if (root.kind != PickleValue::Dict)
    return refuse(llvm::Twine("it holds ") + describe(root.kind) + ", but must hold a dict of tensors");
  for (size_t i = 0; i < root.items.size(); i += 2) {
    const PickleValue &key = value(root.items[i]), &entry = value(root.items[i + 1]);
    if (key.kind != PickleValue::Str)
      return refuse(llvm::Twine("a key of its dict is ") + describe(key.kind) + ", but must be a text");
    if (entry.kind != PickleValue::Tensor)
      return refuse("entry " + quoted(key.text) + " is " + describe(entry.kind) +
                    ", but must be a tensor: save the model's state_dict() itself");
    if (llvm::Error error = readTensor(key.text, entry))
      return error;
  }
  return llvm::Error::success();
}

/// The non-negative integers of a tuple or list; none if it is anything else.
std::optional<llvm::SmallVector<int64_t, 4>> StateDict::integers(uint32_t index) const {
  const PickleValue &list = value(index);
  if (list.kind != PickleValue::Tuple && list.kind != PickleValue::List)
    return std::nullopt;
  llvm::SmallVector<int64_t, 4> result;
  for (uint32_t item : list.items) {
    if (value(item).kind != PickleValue::Int || value(item).number < 0)
      return std::nullopt;
    result.push_back(value(item).number);
  }
  return result;
}

/// The bytes of a storage; sets the view's dtype.
llvm::Expected<Bytes> StateDict::storage(llvm::StringRef name, const PickleValue &storage, TensorView &view) {
  llvm::StringRef type = value(storage.items[1]).text, key = value(storage.items[2]).text;
  auto dtype = llvm::StringSwitch<std::optional<DType>>(type)
                   .Case("torch.FloatStorage", DType::F32)
                   .Case("torch.HalfStorage", DType::F16)
                   .Case("torch.BFloat16Storage", DType::BF16)
                   .Default(std::nullopt);
  if (!dtype)
    return refuse("tensor " + quoted(name) + " is stored as " + quoted(type) +
                  ", but only Float, Half and BFloat16 are read");
  view.dtype = *dtype;
  auto entry = storages.find(key);
  if (entry == storages.end())
    return refuse("tensor " + quoted(name) + " needs storage " + quoted(key) + ", which is missing");
  int64_t elements = value(storage.items[4]).number, bytes;
  if (elements < 0 || llvm::MulOverflow(elements, blockBytes(*dtype), bytes) ||
      static_cast<uint64_t>(bytes) > entry->second.size())
    return refuse("tensor " + quoted(name) + " has a storage of " + llvm::Twine(elements) + " elements, but storage " +
                  quoted(key) + " has " + llvm::Twine(entry->second.size()) + " bytes");
  return entry->second.take_front(bytes);
}

/// The index of the last element, relative to the first; none if it overflows.
static std::optional<int64_t> lastIndex(llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<int64_t> strides) {
  int64_t last = 0, reach;
  for (size_t i = 0; i < shape.size(); ++i)
    if (llvm::MulOverflow(shape[i] - 1, strides[i], reach) || llvm::AddOverflow(last, reach, last))
      return std::nullopt;
  return last;
}

llvm::Error StateDict::readTensor(llvm::StringRef name, const PickleValue &tensor) {
  const PickleValue &source = value(tensor.items[0]), &offset = value(tensor.items[1]);
  auto shape = integers(tensor.items[2]), strides = integers(tensor.items[3]);
  if (source.kind != PickleValue::Storage || offset.kind != PickleValue::Int || offset.number < 0 || !shape ||
      !strides || shape->size() != strides->size())
    return refuse("tensor " + quoted(name) + " is not described by a storage, an offset, sizes and strides");
  TensorView view;
  llvm::Expected<Bytes> bytes = storage(name, source, view);
  if (!bytes)
    return bytes.takeError();
  llvm::Expected<uint64_t> dense = denseBytes(name, view.dtype, *shape);
  if (!dense)
    return dense.takeError();
  std::optional<int64_t> last = lastIndex(*shape, *strides);
  int64_t elements = static_cast<int64_t>(bytes->size()) / blockBytes(view.dtype);
  // The second condition bounds tensors that repeat elements, which strides of 0 make as large as
  // they like.
  if (!last || offset.number >= elements || *last >= elements - offset.number || *dense > bytes->size())
    return refuse("tensor " + quoted(name) + " of shape " + shapeText(*shape) + ", strides " + shapeText(*strides) +
                  " and offset " + llvm::Twine(offset.number) + " leaves its storage of " + llvm::Twine(elements) +
                  " elements");
  view.data = bytes->data() + offset.number * blockBytes(view.dtype);
  view.shape = std::move(*shape);
  view.strides = std::move(*strides);
  return addTensor(checkpoint, name, std::move(view));
}

llvm::Error rwkvc::readStateDict(Checkpoint &checkpoint, const Pickle &pickle, const llvm::StringMap<Bytes> &storages) {
  return StateDict(checkpoint, pickle, storages).read();
}
