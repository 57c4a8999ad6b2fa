//===- Backends.cpp - The list of backends --------------------------------===//
#include "compiler/Backends/Backends.h"

using namespace mlir;
using namespace rwkvc;

llvm::ArrayRef<const Backend *> rwkvc::backends() {
  static const Backend *const list[] = {&llvmBackend};
  return list;
}

std::string rwkvc::backendNames() {
  return llvm::join(llvm::map_range(backends(), [](const Backend *backend) { return backend->name.str(); }), ", ");
}

const Backend *rwkvc::findBackend(StringRef name) {
  const auto *found = llvm::find_if(backends(), [&](const Backend *backend) { return backend->name == name; });
  return found == backends().end() ? nullptr : *found;
}

const Backend &rwkvc::fastestBackend(kernel::KernelOpInterface op, const KernelTarget &target) {
  return *backends().front();
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
