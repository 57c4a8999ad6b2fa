#include "test/fuzz/FuzzedFile.h"

#include <sys/mman.h>
#include <unistd.h>

using namespace fuzz;

FuzzedFile::FuzzedFile(const void *bytes, size_t size) : descriptor(memfd_create("fuzzed", MFD_CLOEXEC)) {
  demand(descriptor >= 0 && write(descriptor, bytes, size) == static_cast<ssize_t>(size));
  name = "/proc/self/fd/" + std::to_string(descriptor);
}

FuzzedFile::~FuzzedFile() { close(descriptor); }
