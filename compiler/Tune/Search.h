//===- Search.h - From tasks to schedules that are faster --------*- C++ -*-===//
#ifndef COMPILER_TUNE_SEARCH_H
#define COMPILER_TUNE_SEARCH_H

#include "compiler/Tune/CostModel.h"
#include "compiler/Tune/RecordFile.h"
#include "compiler/Tune/Runner.h"
#include "compiler/Tune/Space.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <chrono>
#include <map>

namespace rwkvc::tune {

struct SearchOptions {
  int64_t trials = 96;  // most of a task
  int64_t floor = 14;   // least, as long as there is time
  double seconds = 600; // of searching and confirming
  uint64_t seed = 1;
  bool isBlind = false; // neither the analytic default nor the analytic model: a bad start
  uint32_t threads = 1;
  std::vector<std::string> backends = {"llvm", "halide"}; // that are tried
};

/// How much faster a step is, in the median of what was measured: 1.05 is a twentieth more tokens.
struct Gains {
  double decode = 1, few = 1, prefill = 1; // of one row, a few, many
};

/// Searches task by task, writes every trial into the file, and in the end which schedules are best. What the file has
/// already is not measured again: with the same seed a search that was stopped goes on as if it had not been.
class Search {
public:
  Search(std::vector<Task> tasks, const Target &target, RecordFile &file, SearchOptions options,
         llvm::function_ref<void(llvm::StringRef what, uint64_t done, uint64_t total)> progress);

  /// Fails where even the default schedule cannot be measured, and where the file cannot be written.
  llvm::Error run();

  /// By what was confirmed.
  Gains gains() const;

private:
  using Clock = std::chrono::steady_clock;

  struct State {
    Task task;
    KernelShape shape;
    Point base; // what is compared with: the default
    std::vector<Point> space;
    std::map<Point, Measured> tried = {}; // with the base
    double baseNs = 0;
    double bestRatio = 1;
    size_t idleTrials = 0; // since something better was found
    bool isExhausted = false; // nothing is untried
    std::optional<Point> chosen = {}; // confirmed
    double chosenRatio = 1;
    bool isConfirmed = false; // and nothing was tried since
  };

  void recall();
  void note(State &state, const Point &point, const Measured &measured);
  State *nextTask();
  llvm::Error tryBatch(State &state);
  llvm::Error confirm(unsigned group);
  llvm::Expected<std::pair<Point, Measured>> confirmTask(State &state, Point::Layout layout);
  llvm::Error write(const State &state, llvm::StringRef kind, const Point &point, const Measured &measured);

  /// By `ratio`, that of a task's time to its default's.
  Gains gains(llvm::function_ref<double(const State &)> ratio) const;

  bool isFinished(const State &state) const;
  double share(const State &state) const;
  double secondsSpent() const;
  CostModel &modelOf(const State &state);
  void show(const State &state);

  std::vector<State> states;
  Target target;
  Machine machine;
  RecordFile &file;
  SearchOptions options;
  Runner runner;
  std::map<std::string, CostModel> models; // by what tasks have in common
  llvm::function_ref<void(llvm::StringRef what, uint64_t done, uint64_t total)> progress;
  Clock::time_point begin;
};

} // namespace rwkvc::tune

#endif // COMPILER_TUNE_SEARCH_H
