//===- Machine.cpp - What a search knows of the CPU -----------------------===//
#include "compiler/Tune/Machine.h"
#include "runtime/tools/Caches.h"

using namespace rwkvc;
using namespace rwkvc::tune;

Machine tune::thisMachine(const Target &target) {
  auto level = [](unsigned number, uint64_t usual) {
    uint64_t bytes = cacheBytes(number);
    return bytes ? bytes : usual;
  };
  return {int64_t(target.vectorRegisters) * target.vectorBits / 512, level(1, 32 << 10), level(2, 1 << 20),
          level(3, 64 << 20)};
}
