//===- Confirm.cpp - Winners, measured again ------------------------------===//
//
// The fastest of many measurements is also the luckiest. What is written as best was measured once more, beside the
// default, and was faster by more than the noise; else the default stays.
//
//===----------------------------------------------------------------------===//
#include "compiler/Tune/Search.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <limits>

using namespace rwkvc;
using namespace rwkvc::tune;
using llvm::Error;
using llvm::Expected;

static constexpr int64_t kConfirmingRounds = 15;

/// Of a layout, the fastest that are measured again.
static constexpr size_t kFinalists = 3;

/// Layouts beside the default's that are measured again.
static constexpr size_t kLayouts = 2;

/// What a change must bring, beside two errors of the median.
static constexpr double kLeastGain = 0.005;

/// What another layout must bring to all kernels of a weight together: one of them alone may be a little slower. More rows
/// than one are always slower with weights that are stored for skipping zeros, which only one row gains from.
static constexpr double kLeastLayoutGain = 0.01, kMostLoss = 0.01;

/// Of a step, what a group must promise to be measured again.
static constexpr double kLeastPromise = 0.0005;

/// The best of `layout` by another measurement: the default, if nothing is faster beyond the noise and it has that layout.
/// The verdict is not "ok" if there is nothing to measure.
Expected<std::pair<Point, Measured>> Search::confirmTask(State &state, Point::Layout layout) {
  std::vector<std::pair<double, Point>> order;
  for (const auto &[point, measured] : state.tried)
    if (point.layout() == layout && measured.verdict == "ok" && point != state.base)
      order.emplace_back(measured.ratio, point);
  llvm::sort(order);
  order.resize(std::min(order.size(), kFinalists));
  std::vector<Point> points = {state.base};
  for (const auto &[ratio, point] : order)
    points.push_back(point);
  bool isDefaults = layout == state.base.layout();
  Measured none;
  none.verdict = "untried";
  if (points.size() == 1 && !isDefaults)
    return std::pair(state.base, none);

  Expected<std::vector<Measured>> measured = runner.measure(state.task, points, kConfirmingRounds);
  if (!measured)
    return measured.takeError();
  std::pair<Point, Measured> best(state.base, isDefaults ? (*measured)[0] : none);
  for (size_t i = 1; i < points.size(); ++i) {
    const Measured &now = (*measured)[i];
    bool isFaster = now.ratio + 2 * now.spread < 1 - kLeastGain;
    bool isBetter = best.second.verdict != "ok" || now.ratio < best.second.ratio;
    if (now.verdict == "ok" && isBetter && (isFaster || !isDefaults))
      best = {points[i], now};
  }
  return best;
}

Error Search::confirm(unsigned group) {
  std::vector<State *> members;
  for (State &state : states)
    if (state.task.group == group)
      members.push_back(&state);
  if (llvm::all_of(members, [](State *state) { return state->isConfirmed; }))
    return Error::success();
  if (llvm::any_of(members, [](State *state) { return state->tried.empty(); }))
    return Error::success();

  // Layouts by what was measured, the default's first.
  Point::Layout standard = members.front()->base.layout();
  std::map<Point::Layout, double> promised;
  for (State *state : members) {
    std::map<Point::Layout, double> best;
    for (const auto &[point, measured] : state->tried)
      if (measured.verdict == "ok") {
        double &least = best.try_emplace(point.layout(), measured.ratio).first->second;
        least = std::min(least, measured.ratio);
      }
    for (const auto &[layout, ratio] : best)
      promised[layout] += share(*state) * (1 - ratio);
  }
  auto smaller = [](const auto &a, const auto &b) { return a.second < b.second; };
  if (std::max_element(promised.begin(), promised.end(), smaller)->second < kLeastPromise)
    return Error::success();
  progress("confirming; " + members.front()->task.signature, 0, 0);
  std::vector<std::pair<double, Point::Layout>> layouts;
  for (const auto &[layout, gain] : promised)
    if (layout != standard)
      layouts.emplace_back(-gain, layout);
  llvm::sort(layouts);
  layouts.resize(std::min(layouts.size(), kLayouts));
  layouts.insert(layouts.begin(), {0.0, standard});

  double bestGain = -std::numeric_limits<double>::infinity(), all = 0;
  for (State *state : members)
    all += share(*state);
  std::vector<std::pair<Point, Measured>> best;
  for (auto [order, layout] : layouts) {
    std::vector<std::pair<Point, Measured>> chosen;
    double gain = 0;
    bool isAllowed = true;
    for (State *state : members) {
      Expected<std::pair<Point, Measured>> one = confirmTask(*state, layout);
      if (!one)
        return one.takeError();
      const Measured &measured = one->second;
      bool isSlower = measured.ratio >= 1 + kMostLoss + measured.spread;
      isAllowed &= layout == standard || (measured.verdict == "ok" && (!isSlower || layout.second));
      gain += share(*state) * (1 - measured.ratio);
      chosen.push_back(*one);
      if (!isAllowed)
        break;
    }
    if (isAllowed && gain > bestGain + (layout == standard ? 0 : kLeastLayoutGain * all)) {
      bestGain = gain;
      best = std::move(chosen);
    }
  }
  for (auto [state, choice] : llvm::zip_equal(members, best)) {
    state->chosen = choice.first;
    state->chosenRatio = choice.second.ratio;
    if (Error error = write(*state, "best", choice.first, choice.second))
      return error;
    state->isConfirmed = true;
  }
  return Error::success();
}
