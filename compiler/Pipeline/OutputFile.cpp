//===- OutputFile.cpp - A file that appears whole or not at all -----------===//
#include "compiler/Pipeline/OutputFile.h"
#include "llvm/Support/Errno.h"
#include "llvm/Support/Signals.h"

using namespace rwkvc;
using llvm::ArrayRef;
using llvm::Error;
using llvm::StringRef;

// Linux keeps a file in pages as large as its aligned writes, and the runtime maps the weights by them: see
// RWKVC_WRITE_PIECE in runtime/abi/trailer.h.
static constexpr size_t kBufferBytes = 2 << 20;

static Error cannotWrite(StringRef path, const llvm::Twine &why) {
  return llvm::createStringError("cannot write '" + path + "': " + why);
}

llvm::Expected<OutputFile> OutputFile::create(StringRef path) {
  std::string why;
  std::optional<NewFile> file = NewFile::create(path.str(), 0777, why);
  if (!file)
    return cannotWrite(path, why);
  if (!file->temporary().empty())
    llvm::sys::RemoveFileOnSignal(file->temporary());
  return OutputFile(path, std::move(*file));
}

OutputFile::OutputFile(StringRef path, NewFile file) : path(path.str()), file(std::move(file)) {
  buffer.reserve(kBufferBytes);
}

Error OutputFile::flush() {
  if (!file.write(buffer.data(), buffer.size()))
    return cannotWrite(path, llvm::sys::StrError());
  written += buffer.size();
  buffer.clear();
  return Error::success();
}

Error OutputFile::write(ArrayRef<uint8_t> bytes) {
  while (!bytes.empty()) {
    size_t count = std::min(bytes.size(), kBufferBytes - buffer.size());
    buffer.insert(buffer.end(), bytes.begin(), bytes.begin() + count);
    bytes = bytes.drop_front(count);
    if (buffer.size() == kBufferBytes)
      if (Error error = flush())
        return error;
  }
  return Error::success();
}

Error OutputFile::writeZeros(uint64_t count) {
  static constexpr uint8_t zeros[4096] = {};
  for (; count; count -= std::min<uint64_t>(count, sizeof(zeros)))
    if (Error error = write(ArrayRef(zeros, std::min<uint64_t>(count, sizeof(zeros)))))
      return error;
  return Error::success();
}

Error OutputFile::commit() {
  if (Error error = flush())
    return error;
  return file.keep() ? Error::success() : cannotWrite(path, llvm::sys::StrError());
}
