//===- RecordFile.cpp - Records that survive whoever writes them ----------===//
#include "compiler/Tune/RecordFile.h"
#include "llvm/Support/FileSystem.h"
#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>
#include <utility>

using namespace rwkvc;
using namespace rwkvc::tune;
using llvm::Error;
using llvm::Expected;

static Error systemError(const llvm::Twine &what) {
  return llvm::createStringError("cannot " + what + ": " + std::generic_category().message(errno));
}

Expected<RecordFile> RecordFile::open(llvm::StringRef path, bool &dropped) {
  dropped = false;
  // A device or a pipe could be opened, and waited for without end.
  llvm::sys::fs::file_status status;
  if (!llvm::sys::fs::status(path, status) && status.type() != llvm::sys::fs::file_type::regular_file)
    return llvm::createStringError("cannot write '" + path + "': it is not a regular file");
  RecordFile opened(path.str(), ::open(path.str().c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666), {});
  if (opened.file < 0)
    return systemError("write '" + path + "'");
  if (flock(opened.file, LOCK_EX | LOCK_NB) != 0)
    return llvm::createStringError("'" + path + "' is written by another rwkvc tune");
  Expected<TuningRecords> read = readRecords(path);
  if (!read)
    return read.takeError();
  opened.all = std::move(read->records);
  off_t size = lseek(opened.file, 0, SEEK_END);
  if (static_cast<uint64_t>(size) != read->wholeBytes) {
    dropped = true;
    if (ftruncate(opened.file, static_cast<off_t>(read->wholeBytes)) != 0)
      return systemError("write '" + path + "'");
  }
  char last = '\n';
  if (read->wholeBytes && pread(opened.file, &last, 1, static_cast<off_t>(read->wholeBytes - 1)) == 1 && last != '\n')
    if (write(opened.file, "\n", 1) != 1)
      return systemError("write '" + path + "'");
  return opened;
}

RecordFile::RecordFile(RecordFile &&other)
    : path(std::move(other.path)), file(std::exchange(other.file, -1)), all(std::move(other.all)) {}

RecordFile::~RecordFile() {
  if (file >= 0)
    close(file);
}

Error RecordFile::add(const TuningRecord &record) {
  std::string line = printRecord(record);
  ssize_t written = write(file, line.data(), line.size());
  if (written < 0)
    return systemError("write '" + path + "'");
  if (static_cast<size_t>(written) != line.size())
    return llvm::createStringError("cannot write '" + path + "': the disk is full");
  all.push_back(record);
  return Error::success();
}
