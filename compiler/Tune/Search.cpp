//===- Search.cpp - From tasks to schedules that are faster ---------------===//
//
// Random numbers come from the seed, the task and how much was tried, not from the past of this process: a search that
// is resumed proposes what it would have proposed.
//
//===----------------------------------------------------------------------===//
#include "compiler/Tune/Search.h"
#include "compiler/Tune/Proposals.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include <set>

using namespace rwkvc;
using namespace rwkvc::tune;
using llvm::Error;
using llvm::Expected;

/// Candidates that share a process, beside the default.
static constexpr size_t kBatch = 8;
static constexpr int64_t kRounds = 5;

/// A task is left when this part of its trials, and at least so many in a row, found nothing that is faster by so much.
static constexpr int64_t kIdleShare = 6, kIdleTrials = 2 * kBatch;
static constexpr double kImprovement = 0.005;

/// What is kept to confirm what was found.
static constexpr double kConfirmingShare = 0.25;

/// What a task counts by its rows: decoding and prompts are what people wait for.
static double weightOf(int64_t mostRows) { return mostRows == 1 ? 0.4 : mostRows ? 0.2 : 0.4; }

static KernelShape shapeOf(const Task &task) {
  return {task.mostRows,    task.outputs,   task.inputs,    task.coldBytes,
          task.isInteger, task.isWidened, task.isLookedUp, task.zeros > 0};
}

Search::Search(std::vector<Task> tasks, const Target &target, RecordFile &file, SearchOptions options,
               llvm::function_ref<void(llvm::StringRef, uint64_t, uint64_t)> progress)
    : target(target), machine(thisMachine(target)), file(file), options(options),
      runner(options.threads, 2 * machine.lastCache, {}), progress(progress), begin(Clock::now()) {
  std::string features = target.listedFeatures();
  for (Task &task : tasks) {
    KernelShape shape = shapeOf(task);
    std::vector<Point> ofLLVM = spaceOf(task, shape, machine), space;
    for (const std::string &name : options.backends)
      llvm::append_range(space, pointsOf(name, task, ofLLVM, {target.triple, features}));
    Point base = options.isBlind && !task.isScan ? Point{16, 1, 16, 0, 0} : task.standard;
    if (!llvm::is_contained(space, base))
      space.push_back(base);
    State state{std::move(task), shape, base, std::move(space)};
    states.push_back(std::move(state));
  }
  recall();
}

/// What the file says of this CPU, with as many threads and against the same default, which is recorded first.
void Search::recall() {
  std::map<std::string, State *, std::less<>> bySignature;
  std::set<State *> sameDefault;
  for (State &state : states)
    bySignature[state.task.signature] = &state;
  for (const TuningRecord &record : file.records()) {
    auto found = bySignature.find(record.kernel);
    if (found == bySignature.end() || record.cpu != target.cpu || record.threads != options.threads)
      continue;
    State &state = *found->second;
    std::optional<Point> point = pointOf(state.task, record.schedule);
    if (!point)
      continue;
    if (record.record == "trial" && record.ratio == 1 && record.spread == 0) {
      if (*point == state.base)
        sameDefault.insert(&state);
      else
        sameDefault.erase(&state);
    }
    if (!sameDefault.count(&state))
      continue;
    if (record.record == "trial") {
      note(state, *point, {record.verdict, record.ns, record.ratio, record.spread});
    } else {
      state.chosen = point;
      state.chosenRatio = record.ratio;
      state.isConfirmed = true;
    }
  }
}

void Search::note(State &state, const Point &point, const Measured &measured) {
  state.tried[point] = measured;
  state.isConfirmed = false;
  if (measured.verdict != "ok")
    return;
  if (point == state.base)
    state.baseNs = measured.ns;
  state.idleTrials = measured.ratio < state.bestRatio - kImprovement ? 0 : state.idleTrials + 1;
  state.bestRatio = std::min(state.bestRatio, measured.ratio);
  if (measured.ratio > 0)
    modelOf(state).add(features(point, state.shape, machine), std::log(measured.ratio));
}

/// Tasks of the same rows and formats learn from each other.
CostModel &Search::modelOf(const State &state) {
  llvm::SmallVector<llvm::StringRef> words;
  llvm::StringRef(state.task.signature).split(words, ' ');
  return models[llvm::join(llvm::ArrayRef(words).take_front(4), " ")];
}

double Search::secondsSpent() const { return std::chrono::duration<double>(Clock::now() - begin).count(); }

/// Of what counts, how much this task is.
double Search::share(const State &state) const {
  double own = 0, all = 0;
  for (const State &other : states)
    if (other.task.mostRows == state.task.mostRows)
      all += other.baseNs * double(other.task.calls);
  own = state.baseNs * double(state.task.calls);
  return all > 0 ? weightOf(state.task.mostRows) * own / all : 0;
}

/// What a task is likely to count: of a step, the bytes or the operations.
static double estimatedShare(const Task &task) {
  return weightOf(task.mostRows) * double(task.calls) * double(task.outputs) * double(task.inputs);
}

/// Those below the floor, by what they are likely to count; then the one that counts most for the time it was given; null
/// if all are finished.
Search::State *Search::nextTask() {
  State *best = nullptr;
  auto isShort = [&](const State &state) { return int64_t(state.tried.size()) < options.floor; };
  auto before = [&](const State &a, const State &b) {
    if (isShort(a) || isShort(b))
      return isShort(a) != isShort(b) ? isShort(a) : estimatedShare(a.task) > estimatedShare(b.task);
    return share(a) / double(a.tried.size()) > share(b) / double(b.tried.size());
  };
  for (State &state : states)
    if (!isFinished(state) && (!best || before(state, *best)))
      best = &state;
  return best;
}

Error Search::tryBatch(State &state) {
  std::vector<Point> untried;
  for (const Point &point : state.space)
    if (!state.tried.count(point) && point != state.base)
      untried.push_back(point);
  std::map<Point, double> known;
  for (const auto &[point, measured] : state.tried)
    if (measured.verdict == "ok")
      known[point] = measured.ratio;
  Proposals proposals(untried, known, mix(options.seed, state.task.signature, state.tried.size()));
  auto predict = [&](const Point &point) { return modelOf(state).predict(features(point, state.shape, machine)); };
  auto estimate = [&](const Point &point) { return analyticCost(point, state.shape, machine); };
  std::vector<Point> points;
  if (int64_t(state.tried.size()) < options.floor)
    points = options.isBlind ? proposals.random(kBatch) : proposals.seeds(kBatch, estimate);
  else
    points = proposals.children(kBatch, predict);

  state.isExhausted = points.empty();
  points.insert(points.begin(), state.base);
  Expected<std::vector<Measured>> measured = runner.measure(state.task, points, kRounds);
  if (!measured)
    return measured.takeError();
  for (size_t i = 0; i < points.size(); ++i) {
    if (i == 0 && state.tried.count(state.base))
      continue;
    if (Error error = write(state, "trial", points[i], (*measured)[i]))
      return error;
    note(state, points[i], (*measured)[i]);
  }
  return Error::success();
}

bool Search::isFinished(const State &state) const {
  auto tried = static_cast<int64_t>(state.tried.size());
  bool isIdle = int64_t(state.idleTrials) >= std::max(kIdleTrials, options.trials / kIdleShare);
  return state.isExhausted || tried >= options.trials || (tried >= options.floor && isIdle);
}

Error Search::run() {
  while (State *state = nextTask()) {
    if (secondsSpent() > options.seconds * (1 - kConfirmingShare))
      break;
    show(*state);
    if (Error error = tryBatch(*state))
      return error;
  }
  std::vector<std::pair<double, unsigned>> order; // groups, by what they count
  for (const State &state : states) {
    if (order.size() <= state.task.group)
      order.resize(state.task.group + 1);
    order[state.task.group].first -= share(state);
    order[state.task.group].second = state.task.group;
  }
  llvm::sort(order);
  for (auto [weight, group] : order) {
    if (secondsSpent() > options.seconds)
      break;
    if (Error error = confirm(group))
      return error;
  }
  return Error::success();
}

void Search::show(const State &state) {
  double done = 0;
  for (const State &other : states)
    done += isFinished(other) ? double(options.trials) : double(other.tried.size());
  std::string text;
  Gains promised = gains([](const State &state) { return state.bestRatio; });
  llvm::raw_string_ostream(text) << llvm::format("tuning; promises %.2f times as fast with one row, %.2f a few, %.2f many; "
                                                 "now at %.2f: ",
                                                 promised.decode, promised.few, promised.prefill, 1 / state.bestRatio)
                                 << state.task.signature;
  double byTrials = done / double(options.trials * int64_t(states.size())), byTime = secondsSpent() / options.seconds;
  progress(text, uint64_t(1000 * std::max(byTrials, byTime)), 1000);
}

Gains Search::gains() const {
  return gains([](const State &state) { return state.chosen ? state.chosenRatio : 1; });
}

Gains Search::gains(llvm::function_ref<double(const State &)> ratio) const {
  double before[3] = {}, after[3] = {};
  for (const State &state : states) {
    int kind = state.task.mostRows == 1 ? 0 : state.task.mostRows ? 1 : 2;
    double time = state.baseNs * double(state.task.calls);
    before[kind] += time;
    after[kind] += time * ratio(state);
  }
  auto gain = [&](int kind) { return after[kind] > 0 ? before[kind] / after[kind] : 1.0; };
  return {gain(0), gain(1), gain(2)};
}

Error Search::write(const State &state, llvm::StringRef kind, const Point &point, const Measured &measured) {
  TuningRecord record;
  record.record = kind.str();
  record.kernel = state.task.signature;
  record.cpu = target.cpu;
  record.features = target.codeFeatures;
  record.compiler = RWKVC_VERSION;
  record.schedule = scheduleText(state.task, point);
  record.verdict = measured.verdict;
  record.threads = options.threads;
  record.rows = state.task.rows;
  record.ns = measured.ns;
  record.ratio = measured.ratio;
  record.spread = measured.spread;
  record.bytes = state.task.coldBytes;
  record.operations = double(state.task.operations());
  return file.add(record);
}
