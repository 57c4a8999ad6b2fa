//===- GemmEpilogue.cpp - What follows a gemm's sums ----------------------===//
#include "compiler/Backends/LLVM/GemmEpilogue.h"

using namespace mlir;
using namespace rwkvc;
using namespace rwkvc::llvm_backend;

void llvm_backend::emitGemmEpilogue(kernel::GemmOp op, Emitter &emitter, const KernelFrame &frame, Value row,
                                    Value output, Lanes lanes, Value sum) {
  int64_t outputs = cast<RankedTensorType>(op.getType()).getDimSize(1);
  Block &body = op.getBody().front();
  Value inRow = emitter.mul(output, 4);
  Value inMatrix = emitter.add(emitter.mul(row, outputs * 4), inRow);

  IRMapping values;
  values.map(body.getArgument(0), sum);
  size_t rows = op.getRows().size();
  for (size_t i = 1; i < body.getNumArguments(); ++i)
    // The body's arguments follow `acc` as the operands follow `weight`.
    values.map(body.getArgument(i),
               emitter.load(emitter.at(frame.pointers[i + 1], i <= rows ? inMatrix : inRow), lanes));
  for (Operation &inner : body.without_terminator())
    values.map(inner.getResult(0), emitter.lift(&inner, values, lanes.width));
  Value result = values.lookup(body.getTerminator()->getOperand(0));
  emitter.store(result, emitter.at(frame.pointers.back(), inMatrix), lanes);
}
