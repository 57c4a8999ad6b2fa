// The loops are compiled for the widest vectors and chosen at run time, since the tools are built for any CPU.
#include "runtime/tools/Probe.h"

#include "runtime/tools/Handles.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <sys/mman.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace rwkvc;
using Clock = std::chrono::steady_clock;

// GNU vectors become whatever registers the function's target has.
typedef float Vector16 __attribute__((vector_size(64)));
typedef uint64_t Words8 __attribute__((vector_size(64)));

// Seconds from the first thread's start to the last one's end.
static double runThreads(unsigned threads, const std::function<void(unsigned)> &body) {
  std::vector<Clock::time_point> begin(threads), end(threads);
  std::atomic<unsigned> ready = 0;
  auto run = [&](unsigned thread) {
    // Starting threads takes longer than some loops: nobody runs before everybody can.
    ++ready;
    while (ready < threads)
      std::this_thread::yield();
    begin[thread] = Clock::now();
    body(thread);
    end[thread] = Clock::now();
  };
  std::vector<std::thread> workers;
  for (unsigned i = 1; i < threads; ++i)
    workers.emplace_back(run, i);
  run(0);
  for (std::thread &worker : workers)
    worker.join();
  auto spent = *std::max_element(end.begin(), end.end()) - *std::min_element(begin.begin(), begin.end());
  return std::chrono::duration<double>(spent).count();
}

template <typename Vector> [[gnu::always_inline]] inline void readAll(const std::byte *memory, uint64_t bytes) {
  constexpr unsigned streams = 8; // independent sums, so that latency does not count
  Vector sums[streams] = {};
  for (uint64_t i = 0; i < bytes; i += sizeof(Vector) * streams)
    for (unsigned s = 0; s < streams; ++s)
      sums[s] += *reinterpret_cast<const Vector *>(memory + i + s * sizeof(Vector));
  for (unsigned s = 1; s < streams; ++s)
    sums[0] += sums[s];
  __asm__ volatile("" : : "m"(sums[0]) : "memory");
}

static void readPlain(const std::byte *memory, uint64_t bytes) { readAll<Words8>(memory, bytes); }

template <unsigned chains> [[gnu::always_inline]] inline void multiplyAdd(uint64_t rounds) {
  Vector16 sums[chains] = {};
  Vector16 factor = {}, term = {};
  for (uint64_t i = 0; i < rounds; ++i) {
    // The compiler must neither know the operands nor join two rounds.
    __asm__ volatile("" : "+m"(factor), "+m"(term));
    Vector16 x = factor, y = term;
    for (unsigned repeat = 0; repeat < 16; ++repeat)
      for (unsigned c = 0; c < chains; ++c)
        sums[c] = sums[c] * x + y;
  }
  __asm__ volatile("" : : "m"(sums) : "memory");
}

static void multiplyAddPlain(uint64_t rounds) { multiplyAdd<4>(rounds); }

#if defined(__x86_64__)
#include <immintrin.h>

[[gnu::target("avx2")]] static void readAvx2(const std::byte *memory, uint64_t bytes) {
  readAll<Words8>(memory, bytes);
}
[[gnu::target("avx512f")]] static void readAvx512(const std::byte *memory, uint64_t bytes) {
  readAll<Words8>(memory, bytes);
}

[[gnu::target("avx2,fma")]] static void multiplyAddAvx2(uint64_t rounds) {
  __m256 sums[12] = {}, x = _mm256_set1_ps(0.5f), y = _mm256_set1_ps(1.0f);
  for (uint64_t i = 0; i < rounds; ++i)
    for (__m256 &sum : sums) {
      sum = _mm256_fmadd_ps(sum, x, y);
      __asm__ volatile("" : "+x"(sum));
    }
}

[[gnu::target("avx512f")]] static void multiplyAddAvx512(uint64_t rounds) {
  __m512 sums[16] = {}, x = _mm512_set1_ps(0.5f), y = _mm512_set1_ps(1.0f);
  for (uint64_t i = 0; i < rounds; ++i)
    for (__m512 &sum : sums) {
      sum = _mm512_fmadd_ps(sum, x, y);
      __asm__ volatile("" : "+v"(sum));
    }
}

[[gnu::target("avx512f,avx512bf16")]] static void dotBF16(uint64_t rounds) {
  __m512 sums[16] = {};
  __m512i halves = _mm512_set1_epi16(0x3f00); // 0.5
  for (uint64_t i = 0; i < rounds; ++i)
    for (__m512 &sum : sums) {
      sum = _mm512_dpbf16_ps(sum, (__m512bh)halves, (__m512bh)halves);
      __asm__ volatile("" : "+v"(sum));
    }
}

[[gnu::target("avx512f,avx512vnni")]] static void dotInt8(uint64_t rounds) {
  __m512i sums[16] = {}, bytes = _mm512_set1_epi8(1);
  for (uint64_t i = 0; i < rounds; ++i)
    for (__m512i &sum : sums) {
      sum = _mm512_dpbusd_epi32(sum, bytes, bytes);
      __asm__ volatile("" : "+v"(sum));
    }
}
#endif

namespace {

struct FlopLoop {
  void (*run)(uint64_t rounds);
  double flopsPerRound;
};

// 10^10 operations take some 50 ms on a 2020s core: long against the clock, short against a user's patience.
double measureLoop(unsigned threads, FlopLoop loop) {
  auto rounds = static_cast<uint64_t>(5e9 / loop.flopsPerRound);
  double seconds = runThreads(threads, [&](unsigned) { loop.run(rounds); });
  return static_cast<double>(rounds) * loop.flopsPerRound * threads / seconds / 1e9;
}

} // namespace

ReadProbe::ReadProbe(unsigned threads, uint64_t bytes)
    : threads(threads), bytesPerThread(bytes / threads / 4096 * 4096), memory(nullptr) {
  void *mapped = mmap(nullptr, bytesPerThread * threads, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED)
    die("no memory for the bandwidth probe");
  memory = static_cast<std::byte *>(mapped);
  madvise(memory, bytesPerThread * threads, MADV_HUGEPAGE);
  // Written, or all of it would be the one page of zeros; each part by a reader, so that it lies on a reader's node.
  runThreads(threads, [&](unsigned i) { std::fill_n(memory + i * bytesPerThread, bytesPerThread, std::byte{1}); });
}

ReadProbe::~ReadProbe() { munmap(memory, bytesPerThread * threads); }

double ReadProbe::measure() const {
  auto read = readPlain;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f"))
    read = readAvx512;
  else if (__builtin_cpu_supports("avx2"))
    read = readAvx2;
#endif
  // Several passes: a new thread takes milliseconds to find a core of its own.
  uint64_t passes = std::max<uint64_t>(1, (uint64_t(4) << 30) / (bytesPerThread * threads));
  double seconds = runThreads(threads, [&](unsigned i) {
    for (uint64_t pass = 0; pass < passes; ++pass)
      read(memory + i * bytesPerThread, bytesPerThread);
  });
  return static_cast<double>(passes * bytesPerThread * threads) / seconds / 1e9;
}

double rwkvc::measureF32Peak(unsigned threads) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f"))
    return measureLoop(threads, {multiplyAddAvx512, 16 * 16 * 2});
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    return measureLoop(threads, {multiplyAddAvx2, 12 * 8 * 2});
#endif
  return measureLoop(threads, {multiplyAddPlain, 4 * 16 * 16 * 2});
}

std::optional<double> rwkvc::measureBF16Peak(unsigned threads) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512bf16"))
    return measureLoop(threads, {dotBF16, 16 * 32 * 2});
#endif
  return std::nullopt;
}

std::optional<double> rwkvc::measureInt8Peak(unsigned threads) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512vnni"))
    return measureLoop(threads, {dotInt8, 16 * 64 * 2});
#endif
  return std::nullopt;
}
