//===- KernelBody.cpp - From a kernel's declaration to its code -----------===//
#include "compiler/Backends/LLVM/KernelBody.h"

using namespace mlir;
using namespace rwkvc;

LogicalResult llvm_backend::emitBody(
    LLVM::LLVMFuncOp function, StringRef features,
    llvm::function_ref<LogicalResult(Emitter &emitter, const KernelFrame &frame)> emit) {
  Emitter emitter(function.getLoc(), features);
  Block *entry = function.addEntryBlock(emitter);
  emitter.setInsertionPointToStart(entry);
  ValueRange arguments = entry->getArguments();
  size_t pointers = arguments.size() - 4;
  KernelFrame frame{arguments.take_front(pointers), arguments[pointers], arguments[pointers + 1],
                    arguments[pointers + 2], arguments[pointers + 3]};
  if (failed(emit(emitter, frame)))
    return failure();
  LLVM::ReturnOp::create(emitter, ValueRange());
  return success();
}
