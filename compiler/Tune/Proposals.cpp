//===- Proposals.cpp - Which points to try next ---------------------------===//
#include "compiler/Tune/Proposals.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/xxhash.h"
#include <algorithm>
#include <set>
#include <string>

using namespace rwkvc::tune;

/// Parents, and children that the model looks at.
static constexpr size_t kParents = 6, kChildren = 200;

static constexpr int64_t Point::*fields[] = {&Point::panel, &Point::tileRows, &Point::tileColumns, &Point::tileInputs,
                                             &Point::prefetch, &Point::backend};

uint64_t rwkvc::tune::mix(uint64_t seed, llvm::StringRef task, uint64_t count) {
  return llvm::xxh3_64bits(std::to_string(seed) + " " + task.str() + " " + std::to_string(count));
}

/// The best of `points` by `estimate`, which are untried no more.
std::vector<Point> Proposals::take(const std::vector<Point> &points, size_t count, Estimate estimate) {
  std::vector<std::pair<double, Point>> order;
  for (const Point &point : points)
    order.emplace_back(estimate(point), point);
  llvm::sort(order);
  std::vector<Point> taken;
  for (const auto &[cost, point] : order)
    if (taken.size() < count)
      taken.push_back(point);
  llvm::erase_if(untried, [&](const Point &point) { return llvm::is_contained(taken, point); });
  return taken;
}

std::vector<Point> Proposals::random(size_t count) {
  std::vector<Point> taken;
  while (taken.size() < count && !untried.empty()) {
    size_t place = below(untried.size());
    taken.push_back(untried[place]);
    untried.erase(untried.begin() + static_cast<ptrdiff_t>(place));
  }
  return taken;
}

std::vector<Point> Proposals::seeds(size_t count, Estimate estimate) {
  std::map<Point::Layout, size_t> tried;
  for (const Point &point : untried)
    tried[point.layout()];
  for (const auto &[point, ratio] : known)
    if (tried.count(point.layout()))
      ++tried[point.layout()];
  std::vector<Point> taken;
  while (taken.size() < count && !untried.empty()) {
    auto layout = std::min_element(tried.begin(), tried.end(),
                                   [](const auto &a, const auto &b) { return a.second < b.second; });
    std::vector<Point> own;
    llvm::copy_if(untried, std::back_inserter(own), [&](const Point &point) { return point.layout() == layout->first; });
    std::vector<Point> best = take(own, 1, estimate);
    taken.insert(taken.end(), best.begin(), best.end());
    ++layout->second;
    if (best.empty())
      tried.erase(layout);
  }
  return taken;
}

std::vector<Point> Proposals::children(size_t count, Estimate predict) {
  std::vector<std::pair<double, Point>> parents;
  for (const auto &[point, ratio] : known)
    parents.emplace_back(ratio, point);
  llvm::sort(parents);
  parents.resize(std::min(parents.size(), kParents));
  if (parents.empty() || untried.empty())
    return random(count);

  std::set<Point> space(untried.begin(), untried.end()), born;
  for (size_t i = 0; i < kChildren; ++i) {
    const Point &mother = parents[below(parents.size())].second, &father = parents[below(parents.size())].second;
    Point child = mother;
    for (auto field : fields)
      if (below(2))
        child.*field = father.*field;
    // A value that occurs, from a point that is not known to be good.
    for (size_t changes = 1 + below(2); changes > 0; --changes) {
      auto field = fields[below(std::size(fields))];
      child.*field = untried[below(untried.size())].*field;
    }
    if (space.count(child))
      born.insert(child);
  }
  std::vector<Point> taken = take({born.begin(), born.end()}, count - count / 4, predict);
  std::vector<Point> others = random(count - taken.size());
  taken.insert(taken.end(), others.begin(), others.end());
  return taken;
}
