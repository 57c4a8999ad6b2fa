#include "runtime/host/NewFile.h"

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

using namespace rwkvc;

static std::string reason() { return std::generic_category().message(errno); }

static std::string folderOf(const std::string &path) {
  size_t slash = path.rfind('/');
  return slash == std::string::npos ? "./" : path.substr(0, slash + 1);
}

// Free but by chance: whoever takes it must not replace what has it. Two processes may have one number, in containers that
// share a folder.
static std::string nameBeside(const std::string &path) {
  static std::atomic<uint64_t> counter = 0;
  return folderOf(path) + ".rwkvc-" + std::to_string(getpid()) + "-" + std::to_string(++counter) + ".tmp";
}

static std::string linkOf(int file) { return "/proc/self/fd/" + std::to_string(file); }

static bool isReplaceable(const std::string &path, std::string &why) {
  struct stat there;
  if (stat(path.c_str(), &there) != 0) {
    bool isAbsent = errno == ENOENT;
    why = reason();
    return isAbsent;
  }
  why = S_ISDIR(there.st_mode) ? "it is a directory" : "it is not a regular file";
  return S_ISREG(there.st_mode);
}

NewFile::NewFile(std::string path, std::string temporary, int file)
    : path(std::move(path)), temporaryName(std::move(temporary)), file(file) {}

NewFile::NewFile(NewFile &&other) noexcept
    : path(std::move(other.path)), temporaryName(std::exchange(other.temporaryName, "")),
      file(std::exchange(other.file, -1)) {}

NewFile::~NewFile() {
  if (file >= 0)
    close(file);
  if (!temporaryName.empty())
    unlink(temporaryName.c_str());
}

std::optional<NewFile> NewFile::create(const std::string &path, mode_t mode, std::string &why) {
  if (!isReplaceable(path, why))
    return {};
  int file = open(folderOf(path).c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, mode);
  if (file < 0) // what other reason there is, a file with a name meets as well
    return createNamed(path, mode, why);
  NewFile created(path, "", file);
  if (access(linkOf(file).c_str(), F_OK) != 0) // without /proc it could never have a name
    return createNamed(path, mode, why);
  return created;
}

std::optional<NewFile> NewFile::createNamed(const std::string &path, mode_t mode, std::string &why) {
  if (!isReplaceable(path, why))
    return {};
  for (;;) {
    std::string name = nameBeside(path);
    int file = open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (file >= 0)
      return NewFile(path, name, file);
    if (errno != EEXIST) {
      why = reason();
      return {};
    }
  }
}

bool NewFile::write(const void *from, size_t bytes) {
  auto *next = static_cast<const char *>(from);
  while (bytes > 0) {
    ssize_t put = ::write(file, next, bytes);
    if (put < 0 && errno != EINTR)
      return false;
    if (put > 0) {
      next += put;
      bytes -= static_cast<size_t>(put);
    }
  }
  return true;
}

bool NewFile::link(const std::string &name) {
  return linkat(AT_FDCWD, linkOf(file).c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0;
}

bool NewFile::keep() {
  // Some file systems report a full disk only where a descriptor is closed; a link needs one that is open.
  int twin = fcntl(file, F_DUPFD_CLOEXEC, 0);
  if (twin < 0 || close(twin) != 0)
    return false;
  if (temporaryName.empty()) {
    if (link(path))
      return true;
    // A link replaces nothing, and renaming needs a name: so there is one for a moment.
    std::string name;
    do {
      if (errno != EEXIST)
        return false;
      name = nameBeside(path);
    } while (!link(name));
    temporaryName = std::move(name);
  }
  if (rename(temporaryName.c_str(), path.c_str()) != 0)
    return false;
  temporaryName.clear();
  return true;
}
