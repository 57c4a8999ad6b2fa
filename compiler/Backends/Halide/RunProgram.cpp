//===- RunProgram.cpp - Asks rwkvc-halide for functions -------------------===//
#include "compiler/Backends/Halide/RunProgram.h"
#include "llvm/ADT/SmallVectorExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

static constexpr unsigned kSeconds = 600, kMegabytes = 8192;
static constexpr StringLiteral kName = "rwkvc-halide";

static std::string programPath() {
  // The address of anything in this executable will do.
  SmallString<256> path(sys::fs::getMainExecutable(nullptr, reinterpret_cast<void *>(&programPath)));
  sys::path::remove_filename(path);
  sys::path::append(path, kName);
  return path.str().str();
}

bool rwkvc::halide_backend::hasProgram() { return sys::fs::can_execute(programPath()); }

namespace {
/// A file that goes away with its scope.
struct Temporary {
  SmallString<128> path;
  std::error_code error;

  explicit Temporary(StringRef what) { error = sys::fs::createTemporaryFile(kName + "-" + what, "", path); }
  ~Temporary() { sys::fs::remove(path); }
  Expected<std::string> read() const {
    ErrorOr<std::unique_ptr<MemoryBuffer>> buffer = MemoryBuffer::getFile(path);
    if (!buffer)
      return createStringError(path + " cannot be read: " + buffer.getError().message());
    return (*buffer)->getBuffer().str();
  }
};
} // namespace

Expected<std::string> rwkvc::halide_backend::runProgram(StringRef input, ArrayRef<std::string> options) {
  Temporary in("in"), out("out"), messages("messages");
  for (const Temporary *file : {&in, &out, &messages})
    if (file->error)
      return createStringError("no temporary file can be made: " + file->error.message());
  std::error_code error;
  raw_fd_ostream stream(in.path, error);
  stream << input;
  stream.close();
  if (error || stream.has_error()) {
    stream.clear_error();
    return createStringError(in.path + " cannot be written");
  }

  std::string program = programPath(), failure;
  SmallVector<StringRef> arguments = {program};
  arguments.append(options.begin(), options.end());
  std::optional<StringRef> redirects[] = {in.path.str(), out.path.str(), messages.path.str()};
  bool failed = false;
  int result =
      sys::ExecuteAndWait(program, arguments, std::nullopt, redirects, kSeconds, kMegabytes, &failure, &failed);
  if (failed)
    return createStringError(program + " cannot be run: " + failure);
  if (result == 0)
    return out.read();
  Expected<std::string> text = messages.read();
  if (!text)
    return text.takeError();
  // Autoschedulers say how far they are before.
  StringRef sentence = StringRef(*text).rtrim().rsplit('\n').second;
  if (sentence.empty())
    sentence = StringRef(*text).rtrim();
  if (result < 0 || sentence.empty())
    return createStringError(kName + " has crashed or took more than ten minutes: " + failure);
  return createStringError(sentence);
}
