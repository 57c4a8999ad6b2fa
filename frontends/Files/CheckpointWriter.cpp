//===- CheckpointWriter.cpp - Writes checkpoints in a stream --------------===//
#include "frontends/Files/CheckpointWriter.h"
#include "frontends/Files/Refusal.h"
#include "llvm/Support/Errno.h"
#include "llvm/Support/Signals.h"
#include <cassert>

using namespace rwkvc;

int64_t StoredTensor::elements() const {
  int64_t product = 1;
  for (int64_t size : shape)
    product *= size;
  return product;
}

CheckpointWriter::CheckpointWriter(std::string path, std::vector<StoredTensor> tensors, CheckpointLayout layout,
                                   NewFile file)
    : path(std::move(path)), tensors(std::move(tensors)), layout(std::move(layout)), file(std::move(file)),
      stream(std::make_unique<llvm::raw_fd_ostream>(this->file.descriptor(), /*shouldClose=*/false)) {}

CheckpointWriter::~CheckpointWriter() {
  if (!stream)
    return;
  // The data is given up, so a failure to write it changes nothing any more.
  stream->flush();
  stream->clear_error();
}

llvm::Error CheckpointWriter::failed(const llvm::Twine &reason) const {
  return refuse("cannot write " + quotedPath(path) + ": " + reason);
}

llvm::Error CheckpointWriter::checkStream() {
  if (!stream->has_error())
    return llvm::Error::success();
  std::string reason = stream->error().message();
  // An error that nobody clears ends the program when the stream is destroyed.
  stream->clear_error();
  return failed(reason);
}

llvm::Expected<CheckpointWriter> CheckpointWriter::create(llvm::StringRef path, std::vector<StoredTensor> tensors,
                                                          CheckpointLayout layout) {
  std::string why;
  std::optional<NewFile> file = NewFile::create(path.str(), 0666, why);
  if (!file)
    return refuse("cannot write " + quotedPath(path) + ": " + why);
  if (!file->temporary().empty())
    llvm::sys::RemoveFileOnSignal(file->temporary());
  assert(layout.before.size() == tensors.size() && "a text before each tensor");
  CheckpointWriter writer(path.str(), std::move(tensors), std::move(layout), std::move(*file));
  *writer.stream << writer.layout.header;
  if (llvm::Error error = writer.checkStream())
    return std::move(error);
  return writer;
}

llvm::Error CheckpointWriter::write(llvm::ArrayRef<float> values) {
  assert(tensor < tensors.size() && "more tensors than described");
  const StoredTensor &current = tensors[tensor];
  if (written == 0)
    *stream << layout.before[tensor];
  written += values.size();
  assert(written <= current.elements() && "more values than described");
  buffer.resize(storedBytes(current.type, values.size()));
  encode(current.type, values, buffer.data());
  stream->write(reinterpret_cast<const char *>(buffer.data()), buffer.size());
  if (written == current.elements()) {
    ++tensor;
    written = 0;
  }
  return checkStream();
}

llvm::Error CheckpointWriter::finish() {
  assert(tensor == tensors.size() && "fewer tensors than described");
  *stream << layout.after;
  stream->flush();
  if (llvm::Error error = checkStream())
    return error;
  stream.reset();
  return file.keep() ? llvm::Error::success() : failed(llvm::sys::StrError());
}
