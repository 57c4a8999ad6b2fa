//===- SafetensorsWriter.cpp - Writes .safetensors in a stream ------------===//
//
// The header is padded with spaces so that the data starts at a multiple of 64 bytes.
//
//===----------------------------------------------------------------------===//
#include "frontends/Files/SafetensorsWriter.h"
#include "frontends/Files/Refusal.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MathExtras.h"
#include <cassert>

using namespace rwkvc;

/// The header's JSON; `bytes` becomes the length of the data.
static std::string header(llvm::ArrayRef<TensorDescription> tensors, const std::map<std::string, std::string> &metadata,
                          uint64_t &bytes) {
  std::string text;
  llvm::raw_string_ostream out(text);
  llvm::json::OStream json(out);
  bytes = 0;
  json.object([&] {
    if (!metadata.empty())
      json.attributeObject("__metadata__", [&] {
        for (const auto &[key, value] : metadata)
          json.attribute(key, value);
      });
    for (const TensorDescription &tensor : tensors) {
      uint64_t begin = bytes;
      bytes += TensorView::dense(nullptr, tensor.dtype, tensor.shape).elements() * elementBytes(tensor.dtype);
      json.attributeObject(tensor.name, [&] {
        json.attribute("dtype", llvm::StringRef(name(tensor.dtype)).upper());
        json.attributeArray("shape", [&] {
          for (int64_t size : tensor.shape)
            json.value(size);
        });
        json.attributeArray("data_offsets", [&] {
          json.value(begin);
          json.value(bytes);
        });
      });
    }
  });
  // The length in front takes eight bytes.
  text.append(llvm::alignTo(text.size() + 8, 64) - text.size() - 8, ' ');
  return text;
}

SafetensorsWriter::SafetensorsWriter(std::string path, llvm::sys::fs::TempFile file, uint64_t missing)
    : path(std::move(path)), file(std::make_unique<llvm::sys::fs::TempFile>(std::move(file))),
      stream(std::make_unique<llvm::raw_fd_ostream>(this->file->FD, /*shouldClose=*/false)), missing(missing) {}

SafetensorsWriter::~SafetensorsWriter() {
  if (!file)
    return;
  // The data is given up, so a failure to write or to remove it changes nothing any more.
  stream->flush();
  stream->clear_error();
  stream.reset();
  llvm::consumeError(file->discard());
}

llvm::Error SafetensorsWriter::failed(const llvm::Twine &reason) const {
  return refuse("cannot write " + quotedPath(path) + ": " + reason);
}

llvm::Error SafetensorsWriter::checkStream() {
  if (!stream->has_error())
    return llvm::Error::success();
  std::string reason = stream->error().message();
  // An error that nobody clears ends the program when the stream is destroyed.
  stream->clear_error();
  return failed(reason);
}

llvm::Expected<SafetensorsWriter> SafetensorsWriter::create(llvm::StringRef path,
                                                            llvm::ArrayRef<TensorDescription> tensors,
                                                            const std::map<std::string, std::string> &metadata) {
  // Renaming would replace a device or a pipe by a file.
  if (llvm::sys::fs::exists(path) && !llvm::sys::fs::is_regular_file(path))
    return refuse("cannot write " + quotedPath(path) + ": it is not a regular file");
  auto file = llvm::sys::fs::TempFile::create(path + ".%%%%%%%%.part");
  if (!file)
    return refuse("cannot write " + quotedPath(path) + ": " + llvm::toString(file.takeError()));
  uint64_t bytes;
  std::string text = header(tensors, metadata, bytes);
  SafetensorsWriter writer(path.str(), std::move(*file), bytes);
  char length[8];
  llvm::support::endian::write64le(length, text.size());
  writer.stream->write(length, sizeof length);
  *writer.stream << text;
  if (llvm::Error error = writer.checkStream())
    return std::move(error);
  return writer;
}

llvm::Error SafetensorsWriter::write(llvm::ArrayRef<std::byte> bytes) {
  assert(bytes.size() <= missing && "more data than described");
  missing -= bytes.size();
  stream->write(reinterpret_cast<const char *>(bytes.data()), bytes.size());
  return checkStream();
}

llvm::Error SafetensorsWriter::finish() {
  assert(missing == 0 && "less data than described");
  stream->flush();
  if (llvm::Error error = checkStream())
    return error;
  stream.reset();
  llvm::Error error = file->keep(path);
  file.reset();
  if (error)
    return failed(llvm::toString(std::move(error)));
  return llvm::Error::success();
}
