//===- Link.cpp - From an object to the image of a shared library ---------===//
//
// lld reads and writes paths. Its input is a file in memory, and its output a pipe, which it writes to as to a device:
// nothing is left behind by a process that is killed.
//
//===----------------------------------------------------------------------===//
#include "compiler/Pipeline/Link.h"
#include "lld/Common/Driver.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/SmallVectorMemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"
#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <thread>
#include <unistd.h>
#include <utility>

LLD_HAS_DRIVER(elf)

using namespace llvm;

namespace {
/// What lld is given as a path.
struct Descriptor {
  explicit Descriptor(int number) : number(number) {}
  Descriptor(const Descriptor &) = delete;
  ~Descriptor() { close(); }
  void close() {
    if (number >= 0)
      ::close(std::exchange(number, -1));
  }
  std::string path() const { return "/proc/self/fd/" + std::to_string(number); }

  int number; // -1 if there is none
};
} // namespace

static Error systemError(const Twine &what) {
  return createStringError("cannot " + what + ": " + std::generic_category().message(errno));
}

static Error writeAll(const Descriptor &file, ArrayRef<char> bytes) {
  while (!bytes.empty()) {
    ssize_t count = ::write(file.number, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return systemError("keep the object in memory");
    bytes = bytes.drop_front(count);
  }
  return Error::success();
}

/// Up to where the last writer closes.
static void drain(const Descriptor &pipe, SmallVectorImpl<char> &bytes) {
  char piece[1 << 16];
  for (ssize_t count; (count = ::read(pipe.number, piece, sizeof(piece))) != 0;) {
    if (count > 0)
      bytes.append(piece, piece + count);
    else if (errno != EINTR)
      return;
  }
}

/// lld's errors, several lines each, as one line: what went wrong first, and how much more there was.
static std::string firstError(StringRef messages) {
  SmallVector<StringRef> lines, errors;
  messages.split(lines, '\n', -1, false);
  for (StringRef line : lines)
    if (size_t at = line.find("error: "); at != StringRef::npos)
      errors.push_back(line.drop_front(at + strlen("error: ")));
  if (errors.empty())
    return "it gave no reason";
  std::string text = errors.front().str();
  if (errors.size() > 1)
    text += " (and " + utostr(errors.size() - 1) + " more)";
  return text;
}

static Error runLinker(const std::string &object, const std::string &image) {
  // No sections beyond what loading needs. Of the target, lld takes from the object what kind it is and how large its
  // pages may be. `defs` refuses undefined symbols; symbol names stay, for profilers.
  const char *arguments[] = {"ld.lld",
                             "-shared",
                             "--hash-style=gnu",
                             "--build-id=none",
                             "--gc-sections",
                             "-Bsymbolic",
                             "-z",
                             "defs",
                             "-z",
                             "relro",
                             "-z",
                             "now",
                             "-o",
                             image.c_str(),
                             object.c_str()};
  std::string messages;
  raw_string_ostream out(messages);
  const lld::DriverDef drivers[] = {{lld::Gnu, &lld::elf::link}};
  lld::Result result = lld::lldMain(arguments, out, out, drivers);
  if (result.retCode != 0)
    return createStringError("the linker refused the generated code: " + firstError(messages));
  return Error::success();
}

Expected<std::unique_ptr<MemoryBuffer>> rwkvc::linkImage(ArrayRef<char> input) {
  Descriptor object(::memfd_create("module.o", MFD_CLOEXEC));
  if (object.number < 0)
    return systemError("keep the object in memory");
  if (Error error = writeAll(object, input))
    return std::move(error);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    return systemError("make a pipe for the linker");
  Descriptor from(ends[0]), to(ends[1]);

  // A pipe holds 64 KiB, so somebody must take out what lld puts in.
  SmallVector<char, 0> image;
  std::thread reader([&] { drain(from, image); });
  Error error = runLinker(object.path(), to.path());
  to.close();
  reader.join();
  if (error)
    return std::move(error);
  return std::make_unique<SmallVectorMemoryBuffer>(std::move(image), /*RequiresNullTerminator=*/false);
}
