//===- LLVMBackend.cpp - Kernels to loops over vectors --------------------===//
#include "compiler/Backends/Backend.h"
#include "compiler/Backends/LLVM/KernelBody.h"
#include "compiler/Backends/LLVM/Tilers.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::llvm_backend;

/// Groups up to this many channels are held in registers; beyond, their rows take turns.
static constexpr int64_t kLargestGroup = 256;

static LogicalResult tile(Operation *op, Emitter &emitter, const KernelFrame &frame) {
  return TypeSwitch<Operation *, LogicalResult>(op)
      .Case([&](kernel::GemmOp gemm) { return tileGemm(gemm, emitter, frame), success(); })
      .Case([&](kernel::GatherOp gather) { return tileGather(gather, emitter, frame), success(); })
      .Case([&](kernel::QuantizeOp quantize) { return tileQuantize(quantize, emitter, frame), success(); })
      .Case([&](kernel::ScanOp scan) -> LogicalResult {
        if (scan.getGroups() == 1 && !scan.hasMatrixState())
          return tileChannels(scan, emitter, frame), success();
        if (scan.getGroupSize() > kLargestGroup)
          return scan.emitOpError() << "has groups of " << scan.getGroupSize() << " channels, but at most "
                                    << kLargestGroup << " fit into registers";
        return tileGroups(scan, emitter, frame);
      })
      .Default([](Operation *op) { return op->emitOpError("is a kernel that this backend does not know"); });
}

/// It takes what all others leave, so what it cannot lower is an error.
static std::string refuses(kernel::KernelOpInterface, const KernelTarget &) { return {}; }

static LogicalResult lower(ArrayRef<PlannedKernel> kernels, const KernelTarget &target) {
  for (const PlannedKernel &kernel : kernels)
    if (failed(emitBody(kernel.function, target.features, [&](Emitter &emitter, const KernelFrame &frame) {
          return tile(kernel.op, emitter, frame);
        })))
      return failure();
  return success();
}

const Backend rwkvc::llvmBackend = {"llvm", "loops over vectors, by way of MLIR", refuses, /*followsTiles=*/true,
                                   lower};
