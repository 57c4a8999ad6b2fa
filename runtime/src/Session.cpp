// What it takes to run steps: threads, an arena, and the arrays of one step, all had before the first.
#include "runtime/src/Session.h"

#include "runtime/src/Batch.h"
#include "runtime/src/Products.h"
#include "runtime/src/Status.h"
#include "runtime/src/ThreadPool.h"

#include <cerrno>
#include <cinttypes>
#include <memory>
#include <sys/mman.h>

using namespace rwkvc;

namespace {

constexpr uint32_t mostThreads = 1024;

// Anonymous memory: 64-byte aligned by being page-aligned, and a page costs nothing until a step is long enough
// to reach it.
class Arena {
public:
  explicit Arena(uint64_t bytes) : bytes(bytes) {
    if (bytes == 0)
      return;
    memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
      throw std::bad_alloc();
    madvise(memory, bytes, MADV_HUGEPAGE); // may be refused without harm
  }
  Arena(const Arena &) = delete;
  Arena &operator=(const Arena &) = delete;
  ~Arena() {
    if (memory)
      munmap(memory, bytes);
  }
  uint8_t *data() const { return static_cast<uint8_t *>(memory); }

private:
  uint64_t bytes;
  void *memory = nullptr;
};

} // namespace

struct rwkvc_session {
  rwkvc_session(const rwkvc_model *model, uint32_t threads)
      : model(model), arena(model->module->arena_row_bytes * model->module->max_rows),
        splitter(model->module->max_rows), pool(threads), imports{&pool, meet} {
    for (uint32_t i = 0; i < threads && !model->products.empty(); ++i)
      productThreads.emplace_back(model->products);
    retainModel(model);
  }
  rwkvc_session(const rwkvc_session &) = delete;
  rwkvc_session &operator=(const rwkvc_session &) = delete;
  ~rwkvc_session() { releaseModel(model); }

  rwkvc_status_t run(const rwkvc_batch_t &batch, float *logits) {
    step.weights = model->file.weights();
    step.arena = arena.data();
    step.imports = &imports;
    splitter.start(batch, logits, model->info.vocabulary);
    while (splitter.next(step))
      pool.run(runStep, this);
    for (ProductThread &thread : productThreads)
      if (const char *reason = thread.takeFailure())
        return fail(RWKVC_OUT_OF_RESOURCES, "oneDNN failed in a step: %s", reason);
    return RWKVC_OK;
  }

  static void runStep(void *self, uint32_t thread, uint32_t threads) {
    auto *session = static_cast<rwkvc_session *>(self);
    ProductScope products(session->productThreads.empty() ? nullptr : &session->productThreads[thread]);
    session->model->module->step(&session->step, thread, threads);
  }
  static void meet(void *pool, uint32_t) { static_cast<ThreadPool *>(pool)->barrier(); }

  const rwkvc_model *model;
  Arena arena;
  BatchSplitter splitter;
  ThreadPool pool;
  rwkvc_imports_t imports;
  std::vector<ProductThread> productThreads; // none if the module has no products
  rwkvc_step_t step = {};
};

const rwkvc_model *rwkvc::modelOf(const rwkvc_session_t *session) { return session->model; }

extern "C" rwkvc_status_t rwkvc_session_create(const rwkvc_model_t *model, uint32_t threads,
                                               rwkvc_session_t **out_session) {
  if (!model || !out_session)
    return fail(RWKVC_INVALID_ARGUMENT, "rwkvc_session_create needs a model and a place for the session");
  if (threads > mostThreads)
    return fail(RWKVC_INVALID_ARGUMENT, "%u threads are asked for, but a session takes at most %u", threads,
                mostThreads);
  return atBoundary([&] {
    *out_session = new rwkvc_session(model, threads == 0 ? std::min(availableCpus(), mostThreads) : threads);
    return RWKVC_OK;
  });
}

extern "C" void rwkvc_session_release(rwkvc_session_t *session) { delete session; }

extern "C" uint32_t rwkvc_session_threads(const rwkvc_session_t *session) { return session ? session->pool.size() : 0; }

extern "C" rwkvc_status_t rwkvc_session_step(rwkvc_session_t *session, const rwkvc_batch_t *batch, float *logits) {
  if (!session || !batch)
    return fail(RWKVC_INVALID_ARGUMENT, "rwkvc_session_step needs a session and a batch");
  if (rwkvc_status_t status = checkBatch(*batch, *session->model, logits))
    return status;
  return session->run(*batch, logits);
}
