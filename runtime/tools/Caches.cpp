// Linux has them in sysfs; where that is hidden, as in some containers, the CPU is asked.
#include "runtime/tools/Caches.h"

#include <fstream>
#include <string>
#include <unistd.h>
#if defined(__x86_64__)
#include <cpuid.h>
#endif

using namespace rwkvc;

static uint64_t fromFiles(unsigned wanted) {
  for (int index = 0; index < 8; ++index) {
    std::string folder = "/sys/devices/system/cpu/cpu0/cache/index" + std::to_string(index) + "/", kind;
    unsigned level = 0;
    uint64_t kib = 0;
    std::ifstream(folder + "type") >> kind;
    if (std::ifstream(folder + "level") >> level && level == wanted && kind != "Instruction" &&
        std::ifstream(folder + "size") >> kib)
      return kib << 10;
  }
  return 0;
}

static uint64_t fromCpu([[maybe_unused]] unsigned wanted) {
#if defined(__x86_64__)
  // AMD's leaf has the form of Intel's.
  for (unsigned leaf : {4u, 0x8000001du})
    for (unsigned index = 0; index < 8; ++index) {
      unsigned a = 0, b = 0, c = 0, d = 0;
      if (!__get_cpuid_count(leaf, index, &a, &b, &c, &d) || (a & 31) == 0)
        break;
      unsigned kind = a & 31, level = a >> 5 & 7;
      uint64_t ways = (b >> 22) + 1, parts = (b >> 12 & 1023) + 1, line = (b & 4095) + 1, sets = uint64_t(c) + 1;
      if (kind != 2 && level == wanted) // 2 holds instructions
        return ways * parts * line * sets;
    }
#endif
  return 0;
}

uint64_t rwkvc::cacheBytes(unsigned level) {
  uint64_t bytes = fromFiles(level);
  return bytes ? bytes : fromCpu(level);
}

uint64_t rwkvc::lastLevelCacheBytes() {
  for (unsigned level = 3; level > 0; --level)
    if (uint64_t bytes = cacheBytes(level))
      return bytes;
  // In a virtual machine this may be all of a processor's, of which a core reads a part: better than nothing for a warning.
  long bytes = sysconf(_SC_LEVEL3_CACHE_SIZE);
  return bytes > 0 ? static_cast<uint64_t>(bytes) : 0;
}
