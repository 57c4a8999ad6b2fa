// A module's file before any of its code is mapped: found whole, its parts located, its weights mapped.
#ifndef RUNTIME_SRC_MODULEFILE_H
#define RUNTIME_SRC_MODULEFILE_H

#include "runtime/abi/rwkvc_module.h"
#include "runtime/include/rwkvc/rwkvc.h"

#include <string>

namespace rwkvc {

class ModuleFile {
public:
  ModuleFile() = default;
  ModuleFile(const ModuleFile &) = delete;
  ModuleFile &operator=(const ModuleFile &) = delete;
  ~ModuleFile();

  // Opens and checks everything except the hash of large weights. Call once.
  rwkvc_status_t open(const char *path);
  rwkvc_status_t checkWeights() const;

  // Stays open as long as the object lives: the dynamic linker knows the module by this number.
  int descriptor() const { return fd; }
  uint64_t device() const { return fileDevice; }
  uint64_t inode() const { return fileInode; }
  const std::string &path() const { return filePath; }
  const rwkvc_trailer_t &trailer() const { return end; }
  const uint8_t *weights() const { return weightsMap; }

private:
  rwkvc_status_t readTrailer(uint64_t fileBytes);
  rwkvc_status_t checkImage() const;
  rwkvc_status_t mapWeights();

  std::string filePath;
  int fd = -1;
  uint64_t fileDevice = 0, fileInode = 0;
  rwkvc_trailer_t end = {};
  const uint8_t *weightsMap = nullptr;
  void *mapping = nullptr;
  uint64_t mappingBytes = 0;
};

} // namespace rwkvc

#endif // RUNTIME_SRC_MODULEFILE_H
