//===- MeasuredSchedules.cpp - What records say of one CPU ----------------===//
#include "compiler/Passes/MeasuredSchedules.h"
#include "compiler/Passes/Panels.h"
#include "compiler/Passes/TuningRecord.h"
#include "dialects/Kernel/WithBackend.h"
#include "mlir/AsmParser/AsmParser.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/StringExtras.h"
#include <cmath>

using namespace mlir;
using namespace rwkvc;
using passes::MeasuredSchedules;

/// Sizes that differ by more, both dimensions together, lie in other caches.
static constexpr double kMostDistance = 2;

/// The words of a signature that come before the size.
static constexpr size_t kKindWords = 4;

/// Takes the kind and the size out of a signature. The kind stays empty if it has none, and if zeros count.
static void describe(StringRef signature, MeasuredSchedules::Kernel &known) {
  SmallVector<StringRef> words;
  signature.split(words, ' ');
  if (words.size() <= kKindWords || signature.contains(" zeros="))
    return;
  auto [outputs, inputs] = words[kKindWords].split('x');
  if (outputs.getAsInteger(10, known.outputs) || inputs.getAsInteger(10, known.inputs) || known.outputs < 1 ||
      known.inputs < 1)
    return;
  known.kind = llvm::join(ArrayRef(words).take_front(kKindWords), " ");
}

llvm::Expected<MeasuredSchedules> MeasuredSchedules::load(StringRef file, StringRef cpu, MLIRContext *context) {
  llvm::Expected<TuningRecords> read = file.empty() ? parseRecords("records", shippedRecords()) : readRecords(file);
  if (!read)
    return read.takeError();
  // Whoever needs a text that is no schedule says so.
  ScopedDiagnosticHandler quiet(context, [](Diagnostic &) { return success(); });
  MeasuredSchedules found;
  for (const TuningRecord &record : read->records) {
    if (record.record != "best" || record.cpu != cpu)
      continue;
    Kernel known{record.schedule, dyn_cast_or_null<kernel::ScheduleAttr>(parseAttribute(record.schedule, context)), {}, 0,
                 0};
    if (known.schedule && !known.schedule.getSkipZeros()) {
      describe(record.kernel, known);
      found.allPanels.insert(known.schedule.getPanel());
    }
    found.kernels[record.kernel] = std::move(known);
  }
  return found;
}

const MeasuredSchedules::Kernel *MeasuredSchedules::find(StringRef signature) const {
  auto known = kernels.find(signature);
  return known == kernels.end() ? nullptr : &known->second;
}

std::optional<MeasuredSchedules::Near> MeasuredSchedules::findNear(StringRef signature, int64_t panel) const {
  Kernel wanted{};
  describe(signature, wanted);
  if (wanted.kind.empty() || !padsLittle(wanted.outputs, panel))
    return std::nullopt;
  // In the order of signatures, not of the map.
  std::optional<std::pair<double, StringRef>> nearest;
  for (const auto &entry : kernels) {
    const Kernel &known = entry.second;
    if (known.kind != wanted.kind || known.schedule.getPanel() != panel || known.schedule.getTileInputs() >= wanted.inputs)
      continue;
    double distance = std::abs(std::log2(double(known.outputs) / double(wanted.outputs))) +
                      std::abs(std::log2(double(known.inputs) / double(wanted.inputs)));
    std::pair<double, StringRef> candidate(distance, entry.first());
    if (distance <= kMostDistance && (!nearest || candidate < *nearest))
      nearest = candidate;
  }
  if (!nearest)
    return std::nullopt;
  return Near{kernel::withBackend(find(nearest->second)->schedule, kernel::kAnyBackend), nearest->first};
}
