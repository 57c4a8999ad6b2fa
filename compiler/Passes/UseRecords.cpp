//===- UseRecords.cpp - Schedules that were measured ----------------------===//
//
// Speed only: any schedule computes the same, but for those that skip zeros.
//
//===----------------------------------------------------------------------===//
#include "compiler/Passes/MeasuredSchedules.h"
#include "compiler/Passes/Passes.h"
#include "compiler/Passes/Programs.h"
#include "compiler/Passes/SkipZeros.h"
#include "dialects/Kernel/Kernel.h"
#include "dialects/Kernel/Signature.h"
#include "dialects/Quant/Weight.h"
#include "llvm/ADT/MapVector.h"

namespace rwkvc::passes {
#define GEN_PASS_DEF_USERECORDS
#include "compiler/Passes/Passes.h.inc"
} // namespace rwkvc::passes

using namespace mlir;
using namespace rwkvc;

namespace {

struct Reader {
  kernel::GemmOp gemm;
  std::string signature;         // as if no zeros were expected
  kernel::ScheduleAttr measured; // of this very kernel; null if there is nothing
};

struct UseRecords : passes::impl::UseRecordsBase<UseRecords> {
  using UseRecordsBase::UseRecordsBase;

  /// What was measured of `gemm`, which is given at most `most` rows. Where zeros are expected, and were not when it was
  /// measured, that is worth something only if they are not skipped.
  FailureOr<kernel::ScheduleAttr> find(kernel::GemmOp gemm, StringRef format, int64_t most) {
    const auto *known = measured->find(kernel::signatureOf(gemm, format, most));
    if (!known && gemm.getZeros() && !passes::skippingPays(gemm))
      known = measured->find(kernel::signatureOf(gemm, format, most, /*withZeros=*/false));
    if (!known)
      return kernel::ScheduleAttr();
    kernel::ScheduleAttr schedule = known->schedule;
    if (!schedule)
      return gemm.emitOpError() << "has a record that is no schedule: " << known->text;
    if (schedule.getMostRows() != most)
      return gemm.emitOpError() << "has a record for other rows: " << known->text;
    if (schedule.getSkipZeros() && (!gemm.getZeros() || schedule.getPanel() != weight::kInputBlock))
      return gemm.emitOpError() << "has a record that skips zeros, which it cannot: " << known->text;
    return schedule;
  }

  /// Those of this very weight's kernels, if all of them were measured and agree on its layout; else nothing.
  static SmallVector<kernel::ScheduleAttr> exact(ArrayRef<Reader> readers) {
    SmallVector<kernel::ScheduleAttr> found;
    for (const Reader &reader : readers) {
      if (!reader.measured || reader.measured.getPanel() != readers.front().measured.getPanel() ||
          reader.measured.getSkipZeros() != readers.front().measured.getSkipZeros())
        return {};
      found.push_back(reader.measured);
    }
    return found;
  }

  /// Those of weights of nearly the same size, in the panel whose are nearest.
  SmallVector<kernel::ScheduleAttr> near(ArrayRef<Reader> readers) {
    SmallVector<kernel::ScheduleAttr> best;
    double least = 0;
    for (int64_t panel : measured->panels()) {
      SmallVector<kernel::ScheduleAttr> found;
      double distance = 0;
      for (const Reader &reader : readers)
        if (std::optional<passes::MeasuredSchedules::Near> one = measured->findNear(reader.signature, panel)) {
          found.push_back(one->schedule);
          distance += one->distance;
        }
      if (found.size() == readers.size() && (best.empty() || distance < least)) {
        best = std::move(found);
        least = distance;
      }
    }
    return best;
  }

  /// Of a few rows, which are of as many sequences, each is scanned by itself.
  WalkResult useFor(kernel::ScanOp scan, int64_t most) {
    const auto *known = measured->find(kernel::signatureOf(scan, most ? 1 : 0));
    if (!known || scan.getScheduleAttr())
      return WalkResult::advance();
    if (!known->schedule || known->schedule.getMostRows() || known->schedule.getSkipZeros()) {
      scan.emitOpError() << "has a record that is no schedule of a scan: " << known->text;
      return WalkResult::interrupt();
    }
    scan.setScheduleAttr(known->schedule);
    return WalkResult::advance();
  }

  LogicalResult use() {
    // All kernels of a weight read it in one layout.
    llvm::MapVector<Attribute, SmallVector<Reader>> readers;
    DenseSet<Attribute> others; // weights with kernels that are not asked
    for (func::FuncOp program : passes::programs(getOperation())) {
      WalkResult result = program.walk([&](kernel::GemmOp gemm) {
        auto weight = gemm.getWeight().getDefiningOp<weight::TensorOp>();
        if (!weight)
          return WalkResult::advance();
        if (gemm.getScheduleAttr()) {
          others.insert(weight->getAttrDictionary());
          return WalkResult::advance();
        }
        int64_t most = passes::kernelRows(gemm, passes::mostRows(program));
        auto known = find(gemm, weight.getStoredFormat(), most);
        if (failed(known))
          return WalkResult::interrupt();
        readers[weight->getAttrDictionary()].push_back(
            {gemm, kernel::signatureOf(gemm, weight.getStoredFormat(), most, /*withZeros=*/false), *known});
        return WalkResult::advance();
      });
      if (result.wasInterrupted())
        return failure();
    }
    for (func::FuncOp program : passes::programs(getOperation()))
      if (program.walk([&](kernel::ScanOp scan) { return useFor(scan, passes::mostRows(program)); }).wasInterrupted())
        return failure();
    for (auto &[weight, gemms] : readers) {
      if (others.contains(weight))
        continue;
      SmallVector<kernel::ScheduleAttr> schedules = exact(gemms);
      if (schedules.empty() && !llvm::any_of(gemms, [](Reader &reader) { return passes::skippingPays(reader.gemm); }))
        schedules = near(gemms);
      for (auto [reader, schedule] : llvm::zip(gemms, schedules))
        if (schedule.getSkipZeros())
          passes::skipZeros(reader.gemm, schedule);
        else
          reader.gemm.setScheduleAttr(schedule);
    }
    return success();
  }

  void runOnOperation() override {
    llvm::Expected<passes::MeasuredSchedules> loaded = passes::MeasuredSchedules::load(file, cpu, &getContext());
    if (!loaded) {
      getOperation().emitError() << llvm::toString(loaded.takeError());
      return signalPassFailure();
    }
    measured = &*loaded;
    if (!loaded->empty() && failed(use()))
      signalPassFailure();
  }

  const passes::MeasuredSchedules *measured = nullptr;
};

} // namespace
