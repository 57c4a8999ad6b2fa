//===- UseRecords.cpp - Schedules that were measured ----------------------===//
//
// Speed only: any schedule computes the same.
//
//===----------------------------------------------------------------------===//
#include "compiler/Passes/Passes.h"
#include "compiler/Passes/Programs.h"
#include "compiler/Passes/SkipZeros.h"
#include "compiler/Passes/TuningRecord.h"
#include "dialects/Kernel/Kernel.h"
#include "dialects/Kernel/Signature.h"
#include "dialects/Quant/Weight.h"
#include "mlir/AsmParser/AsmParser.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringMap.h"

namespace rwkvc::passes {
#define GEN_PASS_DEF_USERECORDS
#include "compiler/Passes/Passes.h.inc"
} // namespace rwkvc::passes

using namespace mlir;
using namespace rwkvc;

namespace {

struct Reader {
  kernel::GemmOp gemm;
  kernel::ScheduleAttr measured; // null if there is none
};

struct UseRecords : passes::impl::UseRecordsBase<UseRecords> {
  using UseRecordsBase::UseRecordsBase;

  /// The schedules for `cpu`, by kernel.
  llvm::Expected<llvm::StringMap<std::string>> load() {
    llvm::Expected<TuningRecords> read = file.empty() ? parseRecords("records", shippedRecords()) : readRecords(file);
    if (!read)
      return read.takeError();
    llvm::StringMap<std::string> schedules;
    for (const TuningRecord &record : read->records)
      if (record.record == "best" && record.cpu == cpu)
        schedules[record.kernel] = record.schedule;
    return schedules;
  }

  /// What was measured for `gemm`, which is given at most `most` rows. Where zeros are expected, and were not when it was
  /// measured, that is worth something only if they are not skipped.
  FailureOr<kernel::ScheduleAttr> find(kernel::GemmOp gemm, StringRef format, int64_t most) {
    auto known = schedules.find(kernel::signatureOf(gemm, format, most));
    if (known == schedules.end() && gemm.getZeros() && !passes::skippingPays(gemm))
      known = schedules.find(kernel::signatureOf(gemm, format, most, /*withZeros=*/false));
    if (known == schedules.end())
      return kernel::ScheduleAttr();
    auto schedule = dyn_cast_or_null<kernel::ScheduleAttr>(parseAttribute(known->second, &getContext()));
    if (!schedule)
      return gemm.emitOpError() << "has a record that is no schedule: " << known->second;
    if (schedule.getMostRows() != most)
      return gemm.emitOpError() << "has a record for other rows: " << known->second;
    if (schedule.getSkipZeros() && (!gemm.getZeros() || schedule.getPanel() != weight::kInputBlock))
      return gemm.emitOpError() << "has a record that skips zeros, which it cannot: " << known->second;
    return schedule;
  }

  LogicalResult use() {
    // All kernels of a weight read it in one layout, so that all of them have records or none.
    llvm::MapVector<Attribute, SmallVector<Reader>> readers;
    for (func::FuncOp program : passes::programs(getOperation())) {
      WalkResult result = program.walk([&](kernel::GemmOp gemm) {
        auto weight = gemm.getWeight().getDefiningOp<weight::TensorOp>();
        if (!weight)
          return WalkResult::advance();
        auto measured = gemm.getScheduleAttr()
                            ? FailureOr<kernel::ScheduleAttr>(kernel::ScheduleAttr())
                            : find(gemm, weight.getStoredFormat(), passes::kernelRows(gemm, passes::mostRows(program)));
        if (failed(measured))
          return WalkResult::interrupt();
        readers[weight->getAttrDictionary()].push_back({gemm, *measured});
        return WalkResult::advance();
      });
      if (result.wasInterrupted())
        return failure();
    }
    for (auto &[weight, gemms] : readers) {
      auto agrees = [&](const Reader &reader) {
        return reader.measured && gemms.front().measured &&
               reader.measured.getPanel() == gemms.front().measured.getPanel() &&
             reader.measured.getSkipZeros() == gemms.front().measured.getSkipZeros();
      };
      if (!llvm::all_of(gemms, agrees))
        continue;
      for (Reader &reader : gemms)
        if (reader.measured.getSkipZeros())
          passes::skipZeros(reader.gemm, reader.measured);
        else
          reader.gemm.setScheduleAttr(reader.measured);
    }
    return success();
  }

  void runOnOperation() override {
    llvm::Expected<llvm::StringMap<std::string>> loaded = load();
    if (!loaded) {
      getOperation().emitError() << llvm::toString(loaded.takeError());
      return signalPassFailure();
    }
    schedules = std::move(*loaded);
    if (!schedules.empty() && failed(use()))
      signalPassFailure();
  }

  llvm::StringMap<std::string> schedules;
};

} // namespace
