//===- ChooseBackend.cpp - Which backend lowers a kernel ------------------===//
//
// Speed only: all backends compute the same kernel.
//
//===----------------------------------------------------------------------===//
#include "compiler/Backends/Backends.h"
#include "compiler/Backends/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace rwkvc::lowering {
#define GEN_PASS_DEF_CHOOSEBACKEND
#include "compiler/Backends/Passes.h.inc"
} // namespace rwkvc::lowering

using namespace mlir;
using namespace rwkvc;

static constexpr llvm::StringLiteral kAuto = "auto";

static kernel::ScheduleAttr withBackend(kernel::ScheduleAttr schedule, StringRef backend) {
  return kernel::ScheduleAttr::get(schedule.getContext(), backend, schedule.getPanel(), schedule.getTileRows(),
                                   schedule.getTileColumns(), schedule.getBlock(), schedule.getMostRows(),
                                   schedule.getSkipZeros(), schedule.getTileInputs(), schedule.getPrefetch());
}

namespace {

struct ChooseBackend : lowering::impl::ChooseBackendBase<ChooseBackend> {
  using ChooseBackendBase::ChooseBackendBase;

  void runOnOperation() override {
    const Backend *named = findBackend(backend);
    if (!named && backend != kAuto) {
      getOperation().emitError() << "there is no backend '" << backend << "', only " << kAuto << ", " << backendNames();
      return signalPassFailure();
    }
    KernelTarget target{triple, features};
    WalkResult result = getOperation().walk([&](kernel::KernelOpInterface op) {
      if (kernel::ScheduleAttr schedule = op.getScheduleAttr(); schedule && schedule.getBackend() == kAuto) {
        const Backend &fastest = named ? *named : fastestBackend(op, target);
        bool takes = fastest.refuses(op, target).empty();
        op.setScheduleAttr(withBackend(schedule, takes ? fastest.name : backends().front()->name));
      }
      return WalkResult(op.getScheduleAttr() ? LogicalResult(backendOf(op, target)) : success());
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }
};

} // namespace
