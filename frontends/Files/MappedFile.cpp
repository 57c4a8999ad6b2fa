//===- MappedFile.cpp - A read-only mapping of a checkpoint ---------------===//
//
// Private and read-only, so that dropped pages come back from the file unchanged.
//
//===----------------------------------------------------------------------===//
#include "frontends/Files/MappedFile.h"
#include "frontends/Files/Refusal.h"
#include "llvm/ADT/ScopeExit.h"
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <limits>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace rwkvc;

static llvm::Error cannotRead(llvm::StringRef path, const llvm::Twine &reason) {
  return refuse("cannot read " + quotedPath(path) + ": " + reason);
}

llvm::Expected<std::shared_ptr<MappedFile>> MappedFile::open(llvm::StringRef path) {
  std::string name = path.str();
  // Without O_NONBLOCK a named pipe would wait for a writer before it could be refused.
  int descriptor = ::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0)
    return cannotRead(path, std::strerror(errno));
  llvm::scope_exit close([&] { ::close(descriptor); });

  struct stat status;
  if (::fstat(descriptor, &status) != 0)
    return cannotRead(path, std::strerror(errno));
  if (S_ISDIR(status.st_mode))
    return cannotRead(path, "it is a directory");
  if (!S_ISREG(status.st_mode))
    return cannotRead(path, "it is not a regular file");
  if (status.st_size == 0)
    return cannotRead(path, "it is empty");

  size_t length = static_cast<size_t>(status.st_size);
  void *base = ::mmap(nullptr, length, PROT_READ, MAP_PRIVATE, descriptor, 0);
  if (base == MAP_FAILED)
    return cannotRead(path, std::strerror(errno));
  return std::shared_ptr<MappedFile>(new MappedFile(std::move(name), static_cast<const std::byte *>(base), length));
}

MappedFile::~MappedFile() { ::munmap(const_cast<std::byte *>(base), length); }

void MappedFile::release(llvm::ArrayRef<std::byte> range) const {
  auto start = reinterpret_cast<uintptr_t>(base), end = start + length;
  auto first = std::max(reinterpret_cast<uintptr_t>(range.data()), start);
  auto last = std::min(reinterpret_cast<uintptr_t>(range.data() + range.size()), end);
  if (range.empty() || first >= last)
    return;
  // Rounded outwards: a page shared with a neighbour is only read again from the page cache.
  uintptr_t page = static_cast<uintptr_t>(::sysconf(_SC_PAGESIZE));
  first -= first % page;
  // Advice: if it fails memory is not handed back, and nothing else changes.
  ::madvise(reinterpret_cast<void *>(first), last - first, MADV_DONTNEED);
}
