// The session's threads. Every job is run by all of them at once; the caller is thread 0. Threads are not bound to
// CPUs: on a shared machine the scheduler knows better, and two sessions would pick the same ones.
#ifndef RUNTIME_SRC_THREADPOOL_H
#define RUNTIME_SRC_THREADPOOL_H

#include "runtime/src/Barrier.h"

#include <thread>
#include <vector>

namespace rwkvc {

// CPUs that this process may run on, at least 1.
uint32_t availableCpus();

class ThreadPool {
public:
  using Job = void (*)(void *context, uint32_t thread, uint32_t threads);

  // Throws std::system_error if the threads cannot be had.
  explicit ThreadPool(uint32_t threads);
  ThreadPool(const ThreadPool &) = delete;
  ThreadPool &operator=(const ThreadPool &) = delete;
  ~ThreadPool();

  uint32_t size() const { return threads; }

  // Returns when all threads have run the job, which must not throw.
  void run(Job job, void *context);

  // For the jobs: returns when all threads have called it.
  void barrier() { meeting.wait(); }

private:
  void work(uint32_t thread);
  void stop();

  const uint32_t threads;
  const WaitPolicy idle;
  Barrier meeting;
  SpinWord jobs;     // counts them
  Job job = nullptr; // nullptr ends the workers
  void *context = nullptr;
  std::vector<std::thread> workers;
};

} // namespace rwkvc

#endif // RUNTIME_SRC_THREADPOOL_H
