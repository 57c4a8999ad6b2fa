// Runs one product of matrices, by itself, as a session's threads would: for kernels.py, which makes its code.
//
//   kernel-bench IMAGE.so INPUTS OUTPUTS ROWS ELEMENT_BYTES THREADS ROUNDS
//
// prints the ns of a call in each round, one a line. Each call has the next copy of the weights, so that these come from
// memory as in a model.
#include "runtime/src/Products.h"
#include "runtime/src/ThreadPool.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>

using namespace rwkvc;

namespace {

constexpr uint64_t panel = 64, coldBytes = 256 << 20;

using Kernel = void (*)(const void *x, const void *w, float *out, int64_t rowBegin, int64_t rowEnd, int64_t unitBegin,
                        int64_t unitEnd);

struct Run {
  Kernel kernel;
  uint64_t rows, units;
  const void *x, *w;
  float *out;
  std::vector<ProductThread> *products;

  static void share(void *self, uint32_t thread, uint32_t threads) {
    auto &run = *static_cast<Run *>(self);
    ProductScope scope(run.products->empty() ? nullptr : &(*run.products)[thread]);
    run.kernel(run.x, run.w, run.out, 0, static_cast<int64_t>(run.rows),
               static_cast<int64_t>(run.units * thread / threads),
               static_cast<int64_t>(run.units * (thread + 1) / threads));
  }
};

[[noreturn]] void stop(const char *reason) {
  fprintf(stderr, "kernel-bench: %s\n", reason);
  exit(1);
}

// Small numbers, positive and negative: the exponents of f32 and bf16 alike.
uint8_t *random(uint64_t bytes) {
  auto *memory = static_cast<uint8_t *>(aligned_alloc(2 << 20, (bytes + (2 << 20)) / (2 << 20) * (2 << 20)));
  if (!memory)
    stop("out of memory");
  for (uint64_t i = 0; i < bytes; i += 2) {
    auto bits = static_cast<uint16_t>((i * 2654435761u >> 9 & 0x807f) | 0x3e00);
    memcpy(memory + i, &bits, 2);
  }
  return memory;
}

} // namespace

int main(int count, char **arguments) {
  if (count != 8)
    stop("needs IMAGE.so INPUTS OUTPUTS ROWS ELEMENT_BYTES THREADS ROUNDS");
  auto number = [&](int i) { return strtoull(arguments[i], nullptr, 10); };
  uint64_t inputs = number(2), outputs = number(3), rows = number(4), bytes = number(5);
  auto threads = static_cast<uint32_t>(number(6));
  void *image = dlopen(arguments[1], RTLD_NOW);
  if (!image)
    stop(dlerror());
  Products products;
  if (products.link(static_cast<rwkvc_product_t *const *>(dlsym(image, "products")), arguments[1]))
    stop(rwkvc_status_message(RWKVC_INCOMPATIBLE));
  std::vector<ProductThread> productThreads;
  for (uint32_t i = 0; i < threads && !products.empty(); ++i)
    productThreads.emplace_back(products);

  uint64_t units = outputs / panel, weightBytes = inputs * outputs * bytes;
  uint64_t copies = coldBytes / weightBytes + 1;
  const uint8_t *weights = random(weightBytes * copies);
  auto *out = reinterpret_cast<float *>(random(rows * outputs * sizeof(float)));
  Run run = {reinterpret_cast<Kernel>(dlsym(image, "kernel")), rows, units, random(rows * inputs * bytes), weights, out,
             &productThreads};
  if (!run.kernel)
    stop("the image has no kernel");
  ThreadPool pool(threads);
  pool.run(Run::share, &run);
  for (uint64_t round = 0, next = 0; round < number(7); ++round) {
    using Clock = std::chrono::steady_clock;
    auto begin = Clock::now();
    uint64_t calls = 0;
    do {
      run.w = weights + next++ % copies * weightBytes;
      pool.run(Run::share, &run);
      ++calls;
    } while (Clock::now() - begin < std::chrono::milliseconds(20));
    std::chrono::duration<double, std::nano> time = Clock::now() - begin;
    printf("%.0f\n", time.count() / static_cast<double>(calls));
  }
  return 0;
}
