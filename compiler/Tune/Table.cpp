//===- Table.cpp - Records for people -------------------------------------===//
#include "compiler/Tune/Table.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Format.h"

using namespace rwkvc;
using namespace rwkvc::tune;
using llvm::StringRef;

std::vector<KernelRecords> tune::byKernel(llvm::ArrayRef<TuningRecord> records) {
  llvm::StringMap<size_t> places;
  std::vector<KernelRecords> kernels;
  for (const TuningRecord &record : records) {
    std::string key = record.kernel + " " + record.cpu + " " + std::to_string(record.threads);
    auto [place, isNew] = places.try_emplace(key, kernels.size());
    if (isNew)
      kernels.emplace_back();
    KernelRecords &kernel = kernels[place->second];
    if (record.record == "best")
      kernel.best = &record;
    else
      kernel.trials.push_back(&record);
  }
  return kernels;
}

/// The number behind `name = `, or nothing.
static StringRef number(StringRef schedule, StringRef name) {
  size_t at = schedule.find((" " + name + " = ").str());
  if (at == StringRef::npos)
    return {};
  return schedule.drop_front(at + name.size() + 4).take_while([](char c) { return llvm::isDigit(c); });
}

static constexpr llvm::StringLiteral kBackend = "backend = \"";

std::string tune::shortSchedule(StringRef schedule) {
  std::string text = ("panel " + number(schedule, "panel") + ", tile " + number(schedule, "tile_rows") + " x " +
                      number(schedule, "tile_columns"))
                         .str();
  if (size_t at = schedule.find(kBackend); at != StringRef::npos)
    if (StringRef name = schedule.drop_front(at + kBackend.size()).take_until([](char c) { return c == '"'; });
        name != "llvm")
      text = (name + ", " + text).str();
  if (StringRef inputs = number(schedule, "tile_inputs"); !inputs.empty())
    text += (", inputs " + inputs).str();
  if (StringRef bytes = number(schedule, "prefetch"); !bytes.empty())
    text += (", prefetch " + bytes).str();
  return text;
}

void tune::printTable(llvm::ArrayRef<TuningRecord> records, llvm::raw_ostream &out) {
  out << "trials  failed  times as fast        us   GB/s   GOP/s  kernel, and its best schedule\n";
  for (const KernelRecords &kernel : byKernel(records)) {
    const TuningRecord &any = kernel.best ? *kernel.best : *kernel.trials.front();
    size_t failed = llvm::count_if(kernel.trials, [](const TuningRecord *trial) { return trial->verdict != "ok"; });
    out << llvm::format("%6zu %7zu ", kernel.trials.size(), failed);
    if (kernel.best && any.ns > 0 && any.ratio > 0)
      out << llvm::format("%7.3f +- %.3f  %9.1f %6.1f %7.0f  ", 1 / any.ratio, any.spread, any.ns / 1e3,
                          any.bytes / any.ns, any.operations / any.ns);
    else
      out << "  not confirmed                              ";
    out << any.cpu << ", " << any.threads << " threads: " << any.kernel << '\n';
    if (kernel.best)
      out << std::string(62, ' ') << shortSchedule(any.schedule) << '\n';
  }
}
