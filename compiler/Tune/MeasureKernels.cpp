//===- MeasureKernels.cpp - The process that candidates run in ------------===//
#include "compiler/Tune/MeasureKernels.h"
#include "compiler/Tune/CandidateCode.h"
#include "compiler/Tune/KernelMemory.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "runtime/src/ThreadPool.h"
#include <chrono>

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::tune;
using llvm::Error;
using llvm::Expected;

/// Most pointers of a kernel: operands and outputs. A scan of RWKV-7 has 17.
static constexpr size_t kMostPointers = 24;

static void say(const llvm::Twine &line) {
  llvm::outs() << line << '\n';
  llvm::outs().flush();
}

template <size_t... index>
static void call(void *code, void *const *pointers, const int64_t *range, std::index_sequence<index...>) {
  using Pointer = void *;
  auto run = reinterpret_cast<void (*)(decltype(index, Pointer())..., int64_t, int64_t, int64_t, int64_t)>(code);
  run(pointers[index]..., range[0], range[1], range[2], range[3]);
}

/// Calls code of `count` pointers.
template <size_t most = kMostPointers>
static void callWith(size_t count, void *code, void *const *pointers, const int64_t *range) {
  if (count == most)
    return call(code, pointers, range, std::make_index_sequence<most>());
  if constexpr (most > 3)
    callWith<most - 1>(count, code, pointers, range);
}

namespace {

struct Candidate {
  kernel::KernelOpInterface op;
  void *code;
  const CandidateLibrary *library;
  std::vector<double> times = {}; // ns of a call in each round
  bool isWrong = false;
};

/// One call, shared by threads as a step shares it.
struct Call {
  void *code;
  const CandidateLibrary *library;
  std::vector<void *> pointers;
  int64_t rows, units;

  static void run(void *context, uint32_t thread, uint32_t threads) {
    const Call &call = *static_cast<Call *>(context);
    int64_t range[] = {0, call.rows, call.units * thread / threads, call.units * (thread + 1) / threads};
    ProductScope scope(call.library->productsOf(thread));
    if (range[2] < range[3])
      callWith(call.pointers.size(), call.code, call.pointers.data(), range);
  }
};

class Measurement {
public:
  explicit Measurement(const MeasureOptions &options)
      : options(options), memory(options.rows, options.zeros, options.coldBytes), pool(options.threads) {}

  Error run(std::vector<Candidate> &candidates) {
    for (auto [i, candidate] : llvm::enumerate(candidates))
      if (Error error = check(i, candidate))
        return error;
    for (int64_t round = 0; round < options.rounds; ++round)
      for (Candidate &candidate : candidates)
        if (Expected<double> ns = candidate.isWrong ? 0.0 : time(candidate))
          candidate.times.push_back(*ns);
        else
          return ns.takeError();
    for (auto [i, candidate] : llvm::enumerate(candidates)) {
      std::string line = (kTimes + " " + llvm::Twine(i)).str();
      for (double ns : candidate.times)
        line += " " + std::to_string(ns);
      if (!candidate.isWrong)
        say(line);
    }
    return Error::success();
  }

private:
  /// All calls of `count`, each with the next copy of the weights.
  Expected<double> callOften(Candidate &candidate, uint64_t count) {
    std::vector<Call> calls;
    for (uint64_t i = 0; i < count; ++i) {
      Expected<std::vector<void *>> pointers = memory.argumentsOf(candidate.op, turn++);
      if (!pointers)
        return pointers.takeError();
      calls.push_back({candidate.code, candidate.library, std::move(*pointers), options.rows, candidate.op.getUnits()});
    }
    auto begin = std::chrono::steady_clock::now();
    for (Call &call : calls)
      pool.run(Call::run, &call);
    return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - begin).count() / double(count);
  }

  Error check(size_t number, Candidate &candidate) {
    turn = 0;
    Expected<std::vector<void *>> made = memory.argumentsOf(candidate.op, 0);
    if (!made)
      return made.takeError();
    if (made->size() > kMostPointers)
      return llvm::createStringError("a kernel has too many operands to be measured");
    memory.clearOutput();
    say(kRunning + " " + llvm::Twine(number));
    if (Expected<double> ns = callOften(candidate, 1); !ns)
      return ns.takeError();
    std::vector<uint8_t> &first = expected[candidate.op.getScheduleAttr().getSkipZeros()];
    if (first.empty())
      first = memory.output();
    bool isOther = memory.output() != first;
    if (isOther)
      say(kWrong + " " + llvm::Twine(number));
    candidate.isWrong = isOther && !options.isLoose;
    return Error::success();
  }

  Expected<double> time(Candidate &candidate) {
    // A call before a short one, since the threads slept and the code was replaced by others'.
    double known = candidate.times.empty() ? 0 : candidate.times.back();
    if (known < options.roundNs) {
      Expected<double> first = callOften(candidate, 1);
      if (!first)
        return first;
      known = known > 0 ? known : *first;
    }
    return callOften(candidate, std::clamp<uint64_t>(options.roundNs / known, 1, 1000));
  }

  MeasureOptions options;
  KernelMemory memory;
  ThreadPool pool;
  std::vector<uint8_t> expected[2]; // without and with skipping of zeros
  uint64_t turn = 0;
};

} // namespace

Error tune::measureKernels(llvm::StringRef text, MeasureOptions options) {
  if (!options.threads)
    options.threads = availableCpus();
  Expected<rwkvc::Target> target = resolveTarget("native");
  if (!target)
    return target.takeError();
  Expected<std::vector<CandidateLibrary>> libraries =
      compileCandidates(text, *target, options.autoscheduler, options.threads);
  if (!libraries)
    return libraries.takeError();
  MLIRContext context;
  Expected<OwningOpRef<ModuleOp>> module = parseCandidates(text, context);
  if (!module)
    return module.takeError();

  std::vector<Candidate> candidates;
  for (auto function : (*module)->getOps<func::FuncOp>()) {
    auto op = dyn_cast<kernel::KernelOpInterface>(function.getBody().front().front());
    const CandidateLibrary &library = (*libraries)[candidates.size() % libraries->size()];
    void *code = library.find(candidates.size());
    if (!op || !code)
      return llvm::createStringError("a candidate is no kernel, or has no code");
    candidates.push_back({op, code, &library});
  }
  say(kCompiled);
  if (Error error = Measurement(options).run(candidates))
    return error;
  say(kFinished);
  return Error::success();
}
