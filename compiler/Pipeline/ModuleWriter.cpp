//===- ModuleWriter.cpp - Writes code and weights as one file -------------===//
//
// One pass over the checkpoint: packing, the hash of the packed bytes and the model's identity see each row while it
// is in the cache, and its pages are handed back soon after.
//
//===----------------------------------------------------------------------===//
#include "compiler/Pipeline/ModuleWriter.h"
#include "compiler/Pipeline/ModelId.h"
#include "dialects/Quant/Pack.h"

using namespace rwkvc;
using llvm::ArrayRef;
using llvm::Error;

/// Source bytes that may be resident before they are handed back.
static constexpr uint64_t kReleaseBytes = 32 << 20;

static bool isDense(const TensorView &view) {
  return view.strides == TensorView::dense(view.data, view.dtype, view.shape).strides;
}

namespace {

/// Hands back the pages of one tensor as its rows are read.
class Releaser {
public:
  Releaser(const TensorView &view, const ModuleContents &contents)
      : view(view), rest(view.span()), dense(isDense(view)), release(contents.release) {}
  ~Releaser() { release(rest); }

  void row(size_t columns) {
    read += columns * blockBytes(view.dtype) / blockElements(view.dtype);
    if (!dense || read < kReleaseBytes)
      return;
    release(rest.take_front(read));
    rest = rest.drop_front(read);
    read = 0;
  }

private:
  const TensorView &view;
  ArrayRef<std::byte> rest;
  bool dense; // else rows lie anywhere in the span
  uint64_t read = 0;
  llvm::function_ref<void(ArrayRef<std::byte>)> release;
};

class WeightsWriter {
public:
  WeightsWriter(OutputFile &file, const ModuleContents &contents) : file(file), contents(contents) {
    XXH3_64bits_reset(hash.get());
  }

  Error write(const PlacedWeight &weight) {
    if (Error error = padTo(weight.offset))
      return error;
    Releaser releaser(*weight.source, contents);
    TensorHash tensor(*weight.source);
    Error error = weight::packTensor(
        {weight.name, *weight.source, weight.transforms, contents.tensors, weight.type, momentsOf(weight)},
        [&](ArrayRef<float> row) {
          tensor.row(row);
          releaser.row(row.size());
        },
        [&](ArrayRef<uint8_t> bytes) { return put(bytes); });
    id.add(weight.name.str(), tensor);
    return error;
  }

  Error padTo(uint64_t offset) {
    static constexpr uint8_t zeros[4096] = {};
    while (written < offset)
      if (Error error = put(ArrayRef(zeros, std::min<uint64_t>(offset - written, sizeof(zeros)))))
        return error;
    return Error::success();
  }

  /// Tensors that only a transform reads belong to the model as well.
  void addRemaining(const TensorTable &used) {
    for (const auto &[name, view] : used) {
      if (id.has(name))
        continue;
      TensorHash tensor(view);
      std::vector<float> row(view.shape.empty() ? 1 : view.shape.back());
      for (int64_t i = 0, rows = view.elements() / int64_t(row.size()); i < rows; ++i) {
        view.readRow(i, row);
        tensor.row(row);
      }
      id.add(name, tensor);
    }
  }

  uint64_t digest() const { return XXH3_64bits_digest(hash.get()); }
  std::array<uint8_t, 16> modelId() const { return id.digest(); }

private:
  /// A table that is tied to the head has the head's name, and a norm folded into it: it is multiplied with nothing.
  const weight::InputMoments *momentsOf(const PlacedWeight &weight) {
    auto found = contents.moments.find(weight.name);
    return found == contents.moments.end() || weight.transforms ? nullptr : found->second.get();
  }

  Error put(ArrayRef<uint8_t> bytes) {
    XXH3_64bits_update(hash.get(), bytes.data(), bytes.size());
    written += bytes.size();
    contents.progress(written);
    return file.write(bytes);
  }

  OutputFile &file;
  const ModuleContents &contents;
  std::unique_ptr<XXH3_state_t, XXH_errorcode (*)(XXH3_state_t *)> hash{XXH3_createState(), XXH3_freeState};
  ModelId id;
  uint64_t written = 0;
};

} // namespace

Error rwkvc::writeModule(OutputFile &file, const ModuleContents &contents) {
  assert(contents.weightsBytes >= extent(contents.weights) && "the last weight would not fit");
  rwkvc_trailer_t trailer = {};
  trailer.image_bytes = contents.image.size();
  trailer.image_hash = XXH3_64bits(contents.image.data(), contents.image.size());
  trailer.weights_bytes = contents.weightsBytes;
  if (Error error = file.write(contents.image))
    return error;
  if (Error error = file.writeZeros(rwkvc_weights_offset(trailer.image_bytes) - trailer.image_bytes))
    return error;

  WeightsWriter writer(file, contents);
  for (const PlacedWeight &weight : contents.weights)
    if (Error error = writer.write(weight))
      return error;
  if (Error error = writer.padTo(contents.weightsBytes))
    return error;
  writer.addRemaining(sources(contents.weights, contents.tensors));

  trailer.weights_hash = writer.digest();
  llvm::copy(writer.modelId(), trailer.model_id);
  rwkvc_trailer_seal(&trailer);
  return file.write(ArrayRef(reinterpret_cast<const uint8_t *>(&trailer), sizeof(trailer)));
}
