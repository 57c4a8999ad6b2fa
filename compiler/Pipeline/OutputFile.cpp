//===- OutputFile.cpp - A file that appears whole or not at all -----------===//
#include "compiler/Pipeline/OutputFile.h"
#include "llvm/Support/Errno.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Signals.h"
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

using namespace rwkvc;
using llvm::ArrayRef;
using llvm::Error;
using llvm::StringRef;
namespace fs = llvm::sys::fs;

// Linux keeps a file in pages as large as its aligned writes, and the runtime maps the weights by them: see
// RWKVC_WRITE_PIECE in runtime/abi/trailer.h.
static constexpr size_t kBufferBytes = 2 << 20;

static Error cannotWrite(StringRef path, const llvm::Twine &why) {
  return llvm::createStringError("cannot write '" + path + "': " + why);
}

static StringRef folderOf(StringRef path) {
  StringRef folder = llvm::sys::path::parent_path(path);
  return folder.empty() ? "." : folder;
}

OutputFile::OutputFile(StringRef path, std::string temporary, int descriptor)
    : path(path.str()), temporary(std::move(temporary)), descriptor(descriptor) {
  buffer.reserve(kBufferBytes);
}

OutputFile::OutputFile(OutputFile &&other)
    : path(std::move(other.path)), temporary(std::move(other.temporary)),
      descriptor(std::exchange(other.descriptor, -1)), buffer(std::move(other.buffer)), written(other.written) {
  other.temporary.clear();
}

OutputFile::~OutputFile() {
  if (descriptor >= 0)
    ::close(descriptor);
  if (temporary.empty())
    return;
  ::unlink(temporary.c_str());
  llvm::sys::DontRemoveFileOnSignal(temporary);
}

llvm::Expected<OutputFile> OutputFile::create(StringRef path) {
  // Renaming replaces whatever has the name, even a device.
  fs::file_status status;
  std::error_code absent = fs::status(path, status);
  if (absent && absent != std::errc::no_such_file_or_directory)
    return cannotWrite(path, absent.message());
  if (!absent && status.type() != fs::file_type::regular_file)
    return cannotWrite(path, fs::is_directory(status) ? "it is a directory" : "it is not a regular file");
  int descriptor = ::open(folderOf(path).str().c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0777);
  if (descriptor >= 0)
    return OutputFile(path, "", descriptor);
  if (errno != EOPNOTSUPP && errno != EISDIR)
    return cannotWrite(path, llvm::sys::StrError());
  // Some file systems have only files with names: a signal removes this one, and a kill leaves it.
  std::string temporary = (path + ".XXXXXX").str();
  descriptor = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (descriptor < 0)
    return cannotWrite(path, llvm::sys::StrError());
  llvm::sys::RemoveFileOnSignal(temporary);
  // As open() would have made it: mkostemp's files are for their owner only.
  ::fchmod(descriptor, 0777 & ~fs::getUmask());
  return OutputFile(path, std::move(temporary), descriptor);
}

Error OutputFile::flush() {
  for (ArrayRef<uint8_t> rest = buffer; !rest.empty();) {
    ssize_t count = ::write(descriptor, rest.data(), rest.size());
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return cannotWrite(path, llvm::sys::StrError());
    rest = rest.drop_front(count);
  }
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

/// A link cannot replace what is at `path`, and renaming needs a name: so there is one for a moment.
bool OutputFile::takeName() {
  if (!temporary.empty())
    return true;
  std::string name = (folderOf(path) + "/.rwkvc-" + llvm::Twine(::getpid()) + ".tmp").str();
  ::unlink(name.c_str()); // of a process with this number that was killed in that moment
  std::string self = "/proc/self/fd/" + std::to_string(descriptor);
  if (::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) != 0)
    return false;
  temporary = std::move(name);
  return true;
}

Error OutputFile::commit() {
  if (Error error = flush())
    return error;
  // Some file systems report a full disk only where a file is closed; the descriptor is gone in either case.
  bool done =
      takeName() && ::close(std::exchange(descriptor, -1)) == 0 && ::rename(temporary.c_str(), path.c_str()) == 0;
  if (!done)
    return cannotWrite(path, llvm::sys::StrError()); // the destructor takes the name away
  llvm::sys::DontRemoveFileOnSignal(std::exchange(temporary, ""));
  return Error::success();
}
