//===- ChooseBackend.cpp - Which backend lowers a kernel ------------------===//
//
// Speed only: all backends compute the same kernel.
//
//===----------------------------------------------------------------------===//
#include "compiler/Backends/Backends.h"
#include "compiler/Backends/Passes.h"
#include "dialects/Kernel/WithBackend.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace rwkvc::lowering {
#define GEN_PASS_DEF_CHOOSEBACKEND
#include "compiler/Backends/Passes.h.inc"
} // namespace rwkvc::lowering

using namespace mlir;
using namespace rwkvc;

namespace {

struct ChooseBackend : lowering::impl::ChooseBackendBase<ChooseBackend> {
  using ChooseBackendBase::ChooseBackendBase;

  void runOnOperation() override {
    const Backend *named = findBackend(backend);
    if (!named && backend != kernel::kAnyBackend) {
      getOperation().emitError() << "there is no backend '" << backend << "', only " << kernel::kAnyBackend << ", " << backendNames();
      return signalPassFailure();
    }
    KernelTarget target{triple, features};
    WalkResult result = getOperation().walk([&](kernel::KernelOpInterface op) {
      if (kernel::ScheduleAttr schedule = op.getScheduleAttr(); schedule && schedule.getBackend() == kernel::kAnyBackend) {
        const Backend &fastest = named ? *named : fastestBackend(op, target);
        bool takes = fastest.refuses(op, target).empty();
        op.setScheduleAttr(kernel::withBackend(schedule, takes ? fastest.name : backends().front()->name));
      }
      return WalkResult(op.getScheduleAttr() ? LogicalResult(backendOf(op, target)) : success());
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }
};

} // namespace
