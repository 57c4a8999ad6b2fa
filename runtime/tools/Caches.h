// The caches of this machine's data, as Linux or the CPU describes them.
#ifndef RUNTIME_TOOLS_CACHES_H
#define RUNTIME_TOOLS_CACHES_H

#include <cstdint>

namespace rwkvc {

// Bytes of the cache of `level`, 1 to 3, that the first CPU reads; 0 if unknown.
uint64_t cacheBytes(unsigned level);

// Bytes of the last level, by what the C library says if nothing else is known; 0 if that knows nothing either.
uint64_t lastLevelCacheBytes();

} // namespace rwkvc

#endif // RUNTIME_TOOLS_CACHES_H
