// Workers wait for the job counter to move, run the job, and meet the caller at the barrier.
#include "runtime/src/ThreadPool.h"

#include <algorithm>

using namespace rwkvc;

// Between steps a caller picks the next token, which takes tens of microseconds: long enough awake to bridge that.
static constexpr WaitPolicy idleWait = {1024, 512};
// Inside a step threads part by a few microseconds. A longer wait mostly means that the one waited for was put on this
// very CPU, and only a yield lets it run: with 16384 pauses instead, steps of 0.5 us took 800 us until the scheduler
// parted the two, with these 30 us.
static constexpr WaitPolicy meetingWait = {512, 1024};
// With more threads than CPUs that is the rule.
static constexpr WaitPolicy crowdedWait = {32, 64};

uint32_t rwkvc::availableCpus() {
  // The kernel writes only as many bits as it has; 8192 CPUs are its largest configuration.
  constexpr size_t most = 8192;
  alignas(cpu_set_t) unsigned char bits[most / 8] = {};
  auto *set = reinterpret_cast<cpu_set_t *>(bits);
  if (sched_getaffinity(0, sizeof(bits), set) != 0)
    return std::max(1u, std::thread::hardware_concurrency());
  return static_cast<uint32_t>(std::max(1, CPU_COUNT_S(sizeof(bits), set)));
}

ThreadPool::ThreadPool(uint32_t threads)
    : threads(threads), idle(threads > availableCpus() ? crowdedWait : idleWait),
      meeting(threads, threads > availableCpus() ? crowdedWait : meetingWait) {
  workers.reserve(threads - 1);
  try {
    for (uint32_t i = 1; i < threads; ++i)
      workers.emplace_back(&ThreadPool::work, this, i);
  } catch (...) {
    stop();
    throw;
  }
}

ThreadPool::~ThreadPool() { stop(); }

void ThreadPool::stop() {
  job = nullptr;
  jobs.publish(jobs.load() + 1);
  for (std::thread &worker : workers)
    worker.join();
}

void ThreadPool::run(Job next, void *nextContext) {
  job = next;
  context = nextContext;
  if (threads > 1)
    jobs.publish(jobs.load() + 1);
  next(nextContext, 0, threads);
  meeting.wait();
}

void ThreadPool::work(uint32_t thread) {
  for (uint32_t seen = 0;; ++seen) {
    jobs.waitWhile(seen, idle);
    if (!job)
      return;
    job(context, thread, threads);
    meeting.wait();
  }
}
