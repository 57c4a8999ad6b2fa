//===- Backends.cpp - The list of backends --------------------------------===//
#include "compiler/Backends/Backends.h"
#include "dialects/Quant/Format.h"
#include "dialects/Quant/Weight.h"

using namespace mlir;
using namespace rwkvc;

llvm::ArrayRef<const Backend *> rwkvc::backends() {
  static const Backend *const list[] = {&llvmBackend, &halideBackend, &oneDNNBackend};
  return list;
}

std::string rwkvc::backendNames() {
  return llvm::join(llvm::map_range(backends(), [](const Backend *backend) { return backend->name.str(); }), ", ");
}

const Backend *rwkvc::findBackend(StringRef name) {
  const auto *found = llvm::find_if(backends(), [&](const Backend *backend) { return backend->name == name; });
  return found == backends().end() ? nullptr : *found;
}

/// Of a gemm's panel, from which on it does not stay in a core's second-level cache while our tiles of rows pass; oneDNN
/// takes it in pieces (docs/Backends.md has the measurement).
static constexpr int64_t kLargePanelBytes = 512 << 10;

static bool hasLargePanels(kernel::KernelOpInterface op) {
  auto gemm = dyn_cast<kernel::GemmOp>(*op);
  auto type = gemm ? cast<RankedTensorType>(gemm.getWeight().getType()) : RankedTensorType();
  auto layout = gemm ? dyn_cast_or_null<weight::LayoutAttr>(type.getEncoding()) : weight::LayoutAttr();
  return layout && weight::findFormat(layout.getFormat())->panelBytes(type.getDimSize(1), layout.getPanel()) >=
                       kLargePanelBytes;
}

/// Intel's server cores since Sapphire Rapids have tiles (AMX), which oneDNN uses, and multiply pairs of bf16 more slowly than
/// f32. What tells them by the instructions that our code may use is AVX512-FP16.
static bool multipliesTiles(kernel::KernelOpInterface op, const KernelTarget &target) {
  auto gemm = dyn_cast<kernel::GemmOp>(*op);
  return gemm && cast<RankedTensorType>(gemm.getX().getType()).getElementType().isBF16() &&
         target.mayUse("avx512bf16") && target.mayUse("avx512fp16");
}

const Backend &rwkvc::fastestBackend(kernel::KernelOpInterface op, const KernelTarget &target) {
  return hasLargePanels(op) || multipliesTiles(op, target) ? oneDNNBackend : llvmBackend;
}

FailureOr<const Backend *> rwkvc::backendOf(kernel::KernelOpInterface op, const KernelTarget &target) {
  StringRef name = op.getScheduleAttr().getBackend();
  const Backend *backend = findBackend(name);
  if (!backend)
    return op->emitOpError() << "is scheduled for the backend '" << name << "', but they are " << backendNames();
  if (std::string reason = backend->refuses(op, target); !reason.empty())
    return op->emitOpError() << "is scheduled for " << name << ", which does not take it: " << reason;
  return backend;
}
