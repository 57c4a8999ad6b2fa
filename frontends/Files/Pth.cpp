//===- Pth.cpp - The PyTorch .pth reader ----------------------------------===//
//
// A zip archive of data.pkl, which describes a dict from names to tensors, and data/KEY, one entry
// a storage. Tensors may be strided views and may share a storage.
//
//===----------------------------------------------------------------------===//
#include "frontends/Files/Formats.h"
#include "frontends/Files/PickleValue.h"
#include "frontends/Files/Refusal.h"
#include "frontends/Files/TensorBounds.h"
#include "frontends/Files/Zip.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace rwkvc;

// A pickle of protocol 2 that starts with torch's magic number: what torch.save wrote before 1.6.
static constexpr llvm::StringLiteral oldMagic = "\x80\x02\x8a\x0al\xfc\x9c\x46\xf9 j\xa8P\x19.";

bool rwkvc::looksLikePth(Bytes file) {
  return asText(file).starts_with("PK\x03\x04") || asText(file).starts_with(oldMagic);
}

namespace {

/// Turns the values of one pickle into tensors of one checkpoint.
class StateDict {
public:
  StateDict(Checkpoint &checkpoint, const Pickle &pickle, const llvm::StringMap<Bytes> &entries, llvm::StringRef folder)
      : checkpoint(checkpoint), pickle(pickle), entries(entries), folder(folder) {}

  llvm::Error read();

private:
  llvm::Error readTensor(llvm::StringRef name, const PickleValue &tensor);
  llvm::Expected<Bytes> storage(llvm::StringRef name, const PickleValue &storage, TensorView &view);
  std::optional<llvm::SmallVector<int64_t, 4>> integers(uint32_t index) const;
  const PickleValue &value(uint32_t index) const { return pickle.values[index]; }

  Checkpoint &checkpoint;
  const Pickle &pickle;
  const llvm::StringMap<Bytes> &entries;
  llvm::StringRef folder; // "NAME/"
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
  std::string path = (folder + "data/" + key).str();
  auto entry = entries.find(path);
  if (entry == entries.end())
    return refuse("tensor " + quoted(name) + " needs zip entry " + quoted(path) + ", which is missing");
  int64_t elements = value(storage.items[4]).number, bytes;
  if (elements < 0 || llvm::MulOverflow(elements, elementBytes(*dtype), bytes) ||
      static_cast<uint64_t>(bytes) > entry->second.size())
    return refuse("tensor " + quoted(name) + " has a storage of " + llvm::Twine(elements) +
                  " elements, but zip entry " + quoted(path) + " has " + llvm::Twine(entry->second.size()) + " bytes");
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
  int64_t elements = static_cast<int64_t>(bytes->size()) / elementBytes(view.dtype);
  // The second condition bounds tensors that repeat elements, which strides of 0 make as large as
  // they like.
  if (!last || offset.number >= elements || *last >= elements - offset.number || *dense > bytes->size())
    return refuse("tensor " + quoted(name) + " of shape " + shapeText(*shape) + ", strides " + shapeText(*strides) +
                  " and offset " + llvm::Twine(offset.number) + " leaves its storage of " + llvm::Twine(elements) +
                  " elements");
  view.data = bytes->data() + offset.number * elementBytes(view.dtype);
  view.shape = std::move(*shape);
  view.strides = std::move(*strides);
  return addTensor(checkpoint, name, std::move(view));
}

llvm::Error rwkvc::readPth(Checkpoint &checkpoint) {
  Bytes file = checkpoint.file->bytes();
  if (asText(file).starts_with(oldMagic))
    return refuse("it is in the format of PyTorch before 1.6: load it and save it again with a later torch.save");
  llvm::Expected<llvm::StringMap<Bytes>> entries = readZip(file);
  if (!entries)
    return entries.takeError();
  // All entries lie in one folder, which torch.save names after the file.
  llvm::StringRef folder, pickleName;
  for (const auto &entry : *entries)
    if (entry.getKey().ends_with("/data.pkl") && entry.getKey().count('/') == 1) {
      if (!pickleName.empty())
        return refuse("it has two pickles, " + quoted(std::min(pickleName, entry.getKey())) + " and " +
                      quoted(std::max(pickleName, entry.getKey())));
      pickleName = entry.getKey();
      folder = pickleName.drop_back(llvm::StringRef("data.pkl").size());
    }
  if (pickleName.empty())
    return refuse("it is a zip archive without a 'NAME/data.pkl', so torch.save did not write it");
  auto order = entries->find((folder + "byteorder").str());
  if (order != entries->end() && asText(order->second) != "little")
    return refuse("its byte order is " + quoted(asText(order->second)) + ", but only 'little' is read");
  llvm::Expected<Pickle> pickle = readPickle(asText((*entries)[pickleName]));
  if (!pickle)
    return pickle.takeError();
  return StateDict(checkpoint, *pickle, *entries, folder).read();
}
