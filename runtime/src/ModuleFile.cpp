// Trusts nothing that the file says until the sizes add up and the hashes agree. Reading weights is left to
// the pages that are touched, so that loading takes the same time for any size.
#include "runtime/src/ModuleFile.h"

#include "runtime/abi/trailer.h"
#include "runtime/src/Status.h"

#include <cerrno>
#include <cinttypes>
#include <elf.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace rwkvc;

// Weights up to this size are hashed at every load: a few milliseconds.
static constexpr uint64_t alwaysHashed = 64ull << 20;
static constexpr uint64_t hugePage = 2ull << 20;

#if defined(__x86_64__)
static constexpr uint16_t thisMachine = EM_X86_64;
#elif defined(__aarch64__)
static constexpr uint16_t thisMachine = EM_AARCH64;
#else
static constexpr uint16_t thisMachine = EM_NONE;
#endif

// For the kinds of machine that modules are compiled for.
static const char *machineName(uint16_t machine) {
  return machine == EM_X86_64 ? "x86-64" : machine == EM_AARCH64 ? "AArch64" : "another architecture";
}

ModuleFile::~ModuleFile() {
  if (mapping)
    munmap(mapping, mappingBytes);
  if (fd >= 0)
    close(fd);
}

static rwkvc_status_t readFully(int fd, void *to, uint64_t bytes, uint64_t offset, const char *path) {
  auto *out = static_cast<uint8_t *>(to);
  while (bytes > 0) {
    ssize_t got = pread(fd, out, bytes, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return fail(RWKVC_IO_ERROR, "cannot read '%s': %s", path, systemError(errno));
    if (got == 0)
      return fail(RWKVC_CORRUPTED, "'%s' became shorter while it was read", path);
    out += got;
    offset += static_cast<uint64_t>(got);
    bytes -= static_cast<uint64_t>(got);
  }
  return RWKVC_OK;
}

rwkvc_status_t ModuleFile::open(const char *path) {
  filePath = path;
  // Without O_NONBLOCK a named pipe would wait for a writer before it could be refused.
  fd = ::open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0)
    return fail(RWKVC_IO_ERROR, "cannot open '%s': %s", path, systemError(errno));
  struct stat about;
  if (fstat(fd, &about) != 0)
    return fail(RWKVC_IO_ERROR, "cannot stat '%s': %s", path, systemError(errno));
  if (!S_ISREG(about.st_mode))
    return fail(RWKVC_IO_ERROR, "'%s' is not a regular file", path);
  fileDevice = about.st_dev;
  fileInode = about.st_ino;
  if (rwkvc_status_t status = readTrailer(static_cast<uint64_t>(about.st_size)))
    return status;
  if (rwkvc_status_t status = checkImage())
    return status;
  if (rwkvc_status_t status = mapWeights())
    return status;
  return end.weights_bytes <= alwaysHashed ? checkWeights() : RWKVC_OK;
}

rwkvc_status_t ModuleFile::readTrailer(uint64_t fileBytes) {
  const char *path = filePath.c_str();
  if (fileBytes < sizeof(end))
    return fail(RWKVC_CORRUPTED, "'%s' has %" PRIu64 " bytes, too few for a compiled module", path, fileBytes);
  if (rwkvc_status_t status = readFully(fd, &end, sizeof(end), fileBytes - sizeof(end), path))
    return status;
  switch (rwkvc_trailer_check(&end, fileBytes)) {
  case RWKVC_TRAILER_OK:
    return RWKVC_OK;
  case RWKVC_TRAILER_ABSENT:
    return fail(RWKVC_CORRUPTED, "'%s' does not end like a compiled module: it is of another kind or truncated", path);
  case RWKVC_TRAILER_DAMAGED:
    return fail(RWKVC_CORRUPTED, "'%s' is corrupted: the hash of its trailer differs", path);
  case RWKVC_TRAILER_FOREIGN:
    return fail(RWKVC_INCOMPATIBLE, "'%s' has module version %u, but this library needs version %u", path,
                end.abi_version, RWKVC_ABI_VERSION);
  case RWKVC_TRAILER_MISPLACED:
    return fail(RWKVC_CORRUPTED,
                "'%s' has %" PRIu64 " bytes, but its trailer describes %" PRIu64 " with %" PRIu64
                " of code and %" PRIu64 " of weights at %" PRIu64,
                path, fileBytes, end.file_bytes, end.image_bytes, end.weights_bytes, end.weights_offset);
  }
  return RWKVC_CORRUPTED;
}

rwkvc_status_t ModuleFile::checkImage() const {
  const char *path = filePath.c_str();
  if (end.image_bytes < sizeof(Elf64_Ehdr))
    return fail(RWKVC_CORRUPTED, "'%s' has %" PRIu64 " bytes of code, too few for a shared object", path,
                end.image_bytes);
  void *image = mmap(nullptr, end.image_bytes, PROT_READ, MAP_PRIVATE, fd, 0);
  if (image == MAP_FAILED)
    return fail(RWKVC_OUT_OF_RESOURCES, "cannot map '%s': %s", path, systemError(errno));
  uint64_t hash = XXH3_64bits(image, end.image_bytes);
  Elf64_Ehdr header;
  memcpy(&header, image, sizeof(header));
  munmap(image, end.image_bytes);
  if (hash != end.image_hash)
    return fail(RWKVC_CORRUPTED, "'%s' is corrupted: the hash of its code differs", path);
  if (memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64 ||
      header.e_ident[EI_DATA] != ELFDATA2LSB || header.e_type != ET_DYN)
    return fail(RWKVC_CORRUPTED, "'%s' does not start with a 64-bit shared object", path);
  if (header.e_machine != thisMachine)
    return fail(RWKVC_INCOMPATIBLE, "'%s' is compiled for %s (ELF machine %u), but this machine is %s (%u)", path,
                machineName(header.e_machine), header.e_machine, machineName(thisMachine), thisMachine);
  return RWKVC_OK;
}

// Address and file offset agree modulo 2 MiB, so that a file system with large folios can use large pages.
rwkvc_status_t ModuleFile::mapWeights() {
  if (end.weights_bytes == 0)
    return RWKVC_OK;
  uint64_t room;
  if (__builtin_add_overflow(end.weights_bytes, 2 * hugePage, &room))
    return fail(RWKVC_CORRUPTED, "'%s' has impossibly many weights", filePath.c_str());
  void *reserved = mmap(nullptr, room, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (reserved == MAP_FAILED)
    return fail(RWKVC_OUT_OF_RESOURCES, "cannot map the weights of '%s': %s", filePath.c_str(), systemError(errno));
  mapping = reserved;
  mappingBytes = room;
  auto base = reinterpret_cast<uintptr_t>(reserved);
  // Weights start at a multiple of 4 KiB, which on ARM may be in the middle of a page.
  uint64_t before = end.weights_offset % static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  uint64_t offset = end.weights_offset - before, bytes = end.weights_bytes + before;
  uintptr_t place = (base + hugePage - 1) / hugePage * hugePage + offset % hugePage;
  void *mapped =
      mmap(reinterpret_cast<void *>(place), bytes, PROT_READ, MAP_SHARED | MAP_FIXED, fd, static_cast<off_t>(offset));
  if (mapped == MAP_FAILED)
    return fail(RWKVC_OUT_OF_RESOURCES, "cannot map the weights of '%s': %s", filePath.c_str(), systemError(errno));
  // Advice may be refused without harm.
  madvise(mapped, bytes, MADV_HUGEPAGE);
  madvise(mapped, bytes, MADV_WILLNEED);
  weightsMap = static_cast<const uint8_t *>(mapped) + before;
  return RWKVC_OK;
}

rwkvc_status_t ModuleFile::checkWeights() const {
  if (XXH3_64bits(weightsMap, end.weights_bytes) != end.weights_hash)
    return fail(RWKVC_CORRUPTED, "'%s' is corrupted: the hash of its weights differs", filePath.c_str());
  return RWKVC_OK;
}
