// A file that appears whole or not at all. Until keep() it has no name, so a process that is killed leaves nothing of
// it, and what was at its path before stays.
#ifndef HOST_NEWFILE_H
#define HOST_NEWFILE_H

#include <cstddef>
#include <optional>
#include <string>
#include <sys/types.h>

namespace rwkvc {

class NewFile {
public:
  // Nothing, and the reason, where `path` cannot be written or has what is no regular file: keep() would replace a device.
  // `mode` is what open() takes.
  static std::optional<NewFile> create(const std::string &path, mode_t mode, std::string &why);
  // As create() where the file system has only files with names: a kill leaves this one, beside `path`.
  static std::optional<NewFile> createNamed(const std::string &path, mode_t mode, std::string &why);

  NewFile(NewFile &&other) noexcept;
  NewFile &operator=(NewFile &&) = delete;
  ~NewFile();

  int descriptor() const { return file; }
  // Empty while the file has no name.
  const std::string &temporary() const { return temporaryName; }

  // All of the bytes; false with errno.
  bool write(const void *from, size_t bytes);
  // Gives the file its name, once; false with errno, and then nothing has changed at `path`.
  bool keep();

private:
  NewFile(std::string path, std::string temporary, int file);
  bool link(const std::string &name);

  std::string path, temporaryName;
  int file;
};

} // namespace rwkvc

#endif // HOST_NEWFILE_H
