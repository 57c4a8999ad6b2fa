//===- Machine.cpp - What a search knows of the CPU -----------------------===//
//
// Linux has the caches in sysfs; where that is hidden, as in some containers, the CPU is asked.
//
//===----------------------------------------------------------------------===//
#include "compiler/Tune/Machine.h"
#include <algorithm>
#include <fstream>
#include <string>
#if defined(__x86_64__)
#include <cpuid.h>
#endif

using namespace rwkvc;
using namespace rwkvc::tune;

/// By level, 1 to 3; 0 where unknown.
struct Caches {
  uint64_t bytes[4] = {};
};

static Caches fromFiles() {
  Caches caches;
  for (int index = 0; index < 8; ++index) {
    std::string folder = "/sys/devices/system/cpu/cpu0/cache/index" + std::to_string(index) + "/", kind;
    unsigned level = 0;
    uint64_t kib = 0;
    std::ifstream(folder + "type") >> kind;
    if (std::ifstream(folder + "level") >> level && std::ifstream(folder + "size") >> kib && level <= 3 &&
        kind != "Instruction")
      caches.bytes[level] = kib << 10;
  }
  return caches;
}

static Caches fromCpu() {
  Caches caches;
#if defined(__x86_64__)
  // AMD's leaf has the form of Intel's.
  for (unsigned leaf : {4u, 0x8000001du})
    for (unsigned index = 0; index < 8; ++index) {
      unsigned a = 0, b = 0, c = 0, d = 0;
      if (!__get_cpuid_count(leaf, index, &a, &b, &c, &d) || (a & 31) == 0)
        break;
      unsigned kind = a & 31, level = a >> 5 & 7;
      uint64_t ways = (b >> 22) + 1, parts = (b >> 12 & 1023) + 1, line = (b & 4095) + 1, sets = uint64_t(c) + 1;
      if (kind != 2 && level >= 1 && level <= 3) // 2 holds instructions
        caches.bytes[level] = ways * parts * line * sets;
    }
#endif
  return caches;
}

Machine tune::thisMachine(const Target &target) {
  Caches files = fromFiles(), cpu = fromCpu();
  auto level = [&](int number, uint64_t usual) {
    return files.bytes[number] ? files.bytes[number] : cpu.bytes[number] ? cpu.bytes[number] : usual;
  };
  return {int64_t(target.vectorRegisters) * target.vectorBits / 512, level(1, 32 << 10), level(2, 1 << 20),
          level(3, 64 << 20)};
}
