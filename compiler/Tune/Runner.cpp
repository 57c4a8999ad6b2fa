//===- Runner.cpp - Candidates, measured in a process of their own --------===//
#include "compiler/Tune/Runner.h"
#include "compiler/Tune/ChildProcess.h"
#include "compiler/Tune/Statistics.h"
#include "llvm/ADT/StringExtras.h"

using namespace rwkvc::tune;
using llvm::Expected;
using llvm::StringRef;

namespace {

/// How a process ended, and what was known by then.
struct Session {
  bool isCompiled = false, isFinished = false, isSlow = false;
  size_t running = 0; // the last one that was begun
  std::vector<bool> wrong;
  std::vector<std::vector<double>> times;
  std::string complaint;
};

} // namespace

static Expected<Session> runSession(const std::vector<std::string> &arguments, const std::string &text, size_t count,
                                    const Runner::Limits &limits) {
  Expected<ChildProcess> child = ChildProcess::start(arguments, text, limits.bytes);
  if (!child)
    return child.takeError();
  Session session;
  session.wrong.resize(count);
  session.times.resize(count);
  for (std::string line; !session.isFinished;) {
    auto event = child->next(line, session.isCompiled ? limits.callSeconds : limits.compileSeconds);
    session.isSlow = event == ChildProcess::Event::Timeout;
    if (event != ChildProcess::Event::Line)
      break;
    llvm::SmallVector<StringRef> words;
    StringRef(line).split(words, ' ');
    size_t index = 0;
    if (words.size() > 1 && (words[1].getAsInteger(10, index) || index >= count))
      continue;
    session.isCompiled |= words[0] == kCompiled;
    session.isFinished |= words[0] == kFinished;
    if (words[0] == kRunning)
      session.running = index;
    if (words[0] == kWrong)
      session.wrong[index] = true;
    if (words[0] == kTimes)
      for (StringRef word : llvm::ArrayRef(words).drop_front(2))
        if (double ns; !word.getAsDouble(ns))
          session.times[index].push_back(ns);
  }
  session.complaint = child->complaint();
  return session;
}

Expected<std::vector<Measured>> Runner::measure(const Task &task, const std::vector<Point> &points, int64_t rounds) {
  std::vector<Measured> results(points.size());
  std::vector<std::vector<size_t>> batches = {{}}; // indices, each batch without 0
  for (size_t i = 1; i < points.size(); ++i)
    batches.back().push_back(i);
  std::vector<std::string> arguments = {"rwkvc",   "measure-kernels",       "--rows",       std::to_string(task.rows),
                                        "--rounds", std::to_string(rounds), "--threads",    std::to_string(threads),
                                        "--cold",   std::to_string(coldBytes), "--zeros",   std::to_string(task.zeros)};
  while (!batches.empty()) {
    std::vector<size_t> batch = std::move(batches.back());
    batches.pop_back();
    std::vector<Point> now = {points[0]};
    for (size_t index : batch)
      now.push_back(points[index]);
    Expected<Session> session = runSession(arguments, candidatesText(task, now), now.size(), limits);
    if (!session)
      return session.takeError();
    if (session->isFinished) {
      auto fill = [&](Measured &result, size_t place) {
        const std::vector<double> &times = session->times[place], &first = session->times[0];
        if (times.empty() || times.size() != first.size()) {
          result.verdict = "wrong";
          return;
        }
        std::vector<double> ratios;
        for (size_t round = 0; round < times.size(); ++round)
          ratios.push_back(times[round] / first[round]);
        result = {"ok", median(times), median(ratios), medianError(ratios)};
      };
      fill(results[0], 0);
      for (size_t i = 0; i < batch.size(); ++i)
        fill(results[batch[i]], i + 1);
      continue;
    }
    // Who ended it is known once it runs; until then, halves are tried.
    std::string verdict = session->isSlow ? "hung" : "crashed";
    if (batch.empty() || (session->isCompiled && session->running == 0))
      return llvm::createStringError("the default schedule of '" + task.signature + "' cannot be measured: it " +
                                     verdict +
                                     (session->complaint.empty() ? "" : ": " + session->complaint));
    if (session->isCompiled) {
      results[batch[session->running - 1]].verdict = verdict;
      batch.erase(batch.begin() + (session->running - 1));
      batches.push_back(std::move(batch));
    } else if (batch.size() == 1) {
      results[batch[0]].verdict = verdict;
    } else {
      size_t half = batch.size() / 2;
      batches.emplace_back(batch.begin() + half, batch.end());
      batches.emplace_back(batch.begin(), batch.begin() + half);
    }
  }
  return results;
}
