// A state on disk: a header that says whose it is, then the dense floats of its slots in order. Both are hashed,
// so that a file is either exactly what was saved or refused. The layout is in runtime/README.md.
#include "runtime/host/NewFile.h"
#include "runtime/src/State.h"
#include "runtime/src/Status.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cerrno>
#include <cinttypes>
#include <cstddef>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

using namespace rwkvc;

namespace {

constexpr uint32_t stateVersion = 1;
constexpr char stateMagic[9] = "RWKVCSTA";

// Little-endian, as the floats are.
struct StateHeader {
  char magic[8];
  uint32_t version;
  uint32_t headerBytes;
  char architecture[16];
  uint32_t layers, channels, heads, headSize;
  uint64_t floats;
  uint8_t modelId[16];
  uint64_t floatsHash; // XXH3-64
  uint64_t headerHash; // XXH3-64 of the header up to here
};
static_assert(sizeof(StateHeader) == 88);

uint64_t hashOf(const StateHeader &header) { return XXH3_64bits(&header, offsetof(StateHeader, headerHash)); }

struct Descriptor {
  explicit Descriptor(int fd) : fd(fd) {}
  Descriptor(const Descriptor &) = delete;
  ~Descriptor() {
    if (fd >= 0)
      close(fd);
  }
  int fd;
};

// False at the end of the file as well; errno is then 0.
bool readFully(int fd, void *to, uint64_t bytes) {
  auto *next = static_cast<uint8_t *>(to);
  while (bytes > 0) {
    errno = 0;
    ssize_t got = read(fd, next, bytes);
    if (got == 0 || (got < 0 && errno != EINTR))
      return false;
    if (got > 0) {
      next += got;
      bytes -= static_cast<uint64_t>(got);
    }
  }
  return true;
}

StateHeader describe(const rwkvc_model &model, const std::vector<float> &floats) {
  StateHeader header = {};
  memcpy(header.magic, stateMagic, sizeof(header.magic));
  header.version = stateVersion;
  header.headerBytes = sizeof(header);
  strncpy(header.architecture, model.info.architecture, sizeof(header.architecture) - 1);
  header.layers = model.info.layers;
  header.channels = model.info.channels;
  header.heads = model.info.heads;
  header.headSize = model.info.head_size;
  header.floats = model.info.state_floats;
  memcpy(header.modelId, model.info.model_id, sizeof(header.modelId));
  header.floatsHash = XXH3_64bits(floats.data(), floats.size() * sizeof(float));
  header.headerHash = hashOf(header);
  return header;
}

rwkvc_status_t save(const rwkvc_state &state, const char *path) {
  std::vector<float> floats(state.model->info.state_floats);
  state.gather(floats.data());
  StateHeader header = describe(*state.model, floats);

  std::string why;
  std::optional<NewFile> file = NewFile::create(path, 0666, why);
  if (!file)
    return fail(RWKVC_IO_ERROR, "cannot write '%s': %s", path, why.c_str());
  if (file->write(&header, sizeof(header)) && file->write(floats.data(), floats.size() * sizeof(float)) &&
      fsync(file->descriptor()) == 0 && file->keep())
    return RWKVC_OK;
  return fail(RWKVC_IO_ERROR, "cannot write '%s': %s", path, systemError(errno));
}

rwkvc_status_t checkHeader(const StateHeader &header, const rwkvc_model &model, uint64_t fileBytes, const char *path) {
  if (memcmp(header.magic, stateMagic, sizeof(header.magic)) != 0)
    return fail(RWKVC_CORRUPTED, "'%s' does not start like a saved state", path);
  if (header.headerHash != hashOf(header))
    return fail(RWKVC_CORRUPTED, "'%s' is corrupted: the hash of its header differs", path);
  if (header.version != stateVersion || header.headerBytes != sizeof(header))
    return fail(RWKVC_INCOMPATIBLE, "'%s' has state version %u, but this library needs version %u", path,
                header.version, stateVersion);
  uint64_t bytes;
  if (__builtin_mul_overflow(header.floats, uint64_t{sizeof(float)}, &bytes) || bytes != fileBytes - sizeof(header))
    return fail(RWKVC_CORRUPTED, "'%s' has %" PRIu64 " bytes, but its header describes %" PRIu64 " floats", path,
                fileBytes, header.floats);
  if (memcmp(header.modelId, model.info.model_id, sizeof(header.modelId)) != 0)
    return fail(RWKVC_WRONG_MODEL,
                "'%s' belongs to another model: %.16s with %u layers and %u channels, not this %s with %u and %u", path,
                header.architecture, header.layers, header.channels, model.info.architecture, model.info.layers,
                model.info.channels);
  if (header.floats != model.info.state_floats)
    return fail(RWKVC_WRONG_MODEL, "'%s' has %" PRIu64 " floats, but the model's state has %" PRIu64, path,
                header.floats, model.info.state_floats);
  return RWKVC_OK;
}

rwkvc_status_t load(rwkvc_state &state, const char *path) {
  // Without O_NONBLOCK a named pipe would wait for a writer before it could be refused.
  Descriptor file(open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat about;
  if (file.fd < 0 || fstat(file.fd, &about) != 0)
    return fail(RWKVC_IO_ERROR, "cannot open '%s': %s", path, systemError(errno));
  if (!S_ISREG(about.st_mode))
    return fail(RWKVC_IO_ERROR, "'%s' is not a regular file", path);
  auto fileBytes = static_cast<uint64_t>(about.st_size);
  StateHeader header;
  if (fileBytes < sizeof(header))
    return fail(RWKVC_CORRUPTED, "'%s' has %" PRIu64 " bytes, too few for a saved state", path, fileBytes);
  std::vector<float> floats(state.model->info.state_floats);
  if (!readFully(file.fd, &header, sizeof(header)))
    return fail(RWKVC_IO_ERROR, "cannot read '%s': %s", path, systemError(errno));
  if (rwkvc_status_t status = checkHeader(header, *state.model, fileBytes, path))
    return status;
  if (!readFully(file.fd, floats.data(), floats.size() * sizeof(float)))
    return fail(RWKVC_IO_ERROR, "cannot read '%s': %s", path, systemError(errno));
  if (XXH3_64bits(floats.data(), floats.size() * sizeof(float)) != header.floatsHash)
    return fail(RWKVC_CORRUPTED, "'%s' is corrupted: the hash of its floats differs", path);
  state.scatter(floats.data());
  return RWKVC_OK;
}

} // namespace

extern "C" rwkvc_status_t rwkvc_state_save(const rwkvc_state_t *state, const char *path) {
  if (!state || !path)
    return fail(RWKVC_INVALID_ARGUMENT, "rwkvc_state_save needs a state and a path");
  return atBoundary([&] { return save(*state, path); });
}

extern "C" rwkvc_status_t rwkvc_state_load(rwkvc_state_t *state, const char *path) {
  if (!state || !path)
    return fail(RWKVC_INVALID_ARGUMENT, "rwkvc_state_load needs a state and a path");
  return atBoundary([&] { return load(*state, path); });
}
