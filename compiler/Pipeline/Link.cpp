//===- Link.cpp - From an object to the image of a shared library ---------===//
//
// lld reads and writes files, so both pass through a private folder that never outlives the call.
//
//===----------------------------------------------------------------------===//
#include "compiler/Pipeline/Link.h"
#include "lld/Common/Driver.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdlib>

LLD_HAS_DRIVER(elf)

using namespace llvm;

static Error writeFile(StringRef path, ArrayRef<char> bytes) {
  std::error_code error;
  raw_fd_ostream out(path, error);
  if (!error) {
    out.write(bytes.data(), bytes.size());
    out.close();
    error = out.error();
    out.clear_error();
  }
  if (error)
    return createStringError("cannot write the temporary file '" + path + "': " + error.message());
  return Error::success();
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
  // No sections beyond what loading needs, and pages of 4 KiB: the weights behind the image dwarf it anyway. `defs`
  // refuses undefined symbols; symbol names stay, for profilers.
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
                             "-z",
                             "max-page-size=4096",
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

Expected<std::unique_ptr<MemoryBuffer>> rwkvc::linkImage(ArrayRef<char> object) {
  SmallString<128> folder;
  sys::path::system_temp_directory(/*ErasedOnReboot=*/true, folder);
  sys::path::append(folder, "rwkvc-XXXXXX");
  if (!mkdtemp(const_cast<char *>(folder.c_str())))
    return createStringError("cannot create the temporary folder '" + folder +
                             "': " + std::generic_category().message(errno));
  scope_exit removeFolder([&] { sys::fs::remove_directories(folder); });

  std::string objectPath = (folder + "/module.o").str(), imagePath = (folder + "/module.so").str();
  if (Error error = writeFile(objectPath, object))
    return error;
  if (Error error = runLinker(objectPath, imagePath))
    return error;
  ErrorOr<std::unique_ptr<MemoryBuffer>> image = MemoryBuffer::getFile(imagePath, false, false, /*IsVolatile=*/true);
  if (!image)
    return createStringError("cannot read the linked image '" + imagePath + "': " + image.getError().message());
  return std::move(*image);
}
