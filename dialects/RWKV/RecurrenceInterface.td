//===- RecurrenceInterface.td - Ops that walk over rows ----*- tablegen -*-===//
//
// What every row-wise op has in common, from a scale to a WKV. Passes that fuse, tile
// or vectorise such ops are written once, against this interface, and name no version.
//
//===----------------------------------------------------------------------===//
#ifndef RWKV_RECURRENCE_INTERFACE_TD
#define RWKV_RECURRENCE_INTERFACE_TD

include "mlir/IR/OpBase.td"

def RWKV_RecurrenceOpInterface : OpInterface<"RecurrenceOpInterface"> {
  let cppNamespace = "::rwkvc::rwkv";
  let description = [{
    A recurrence walks the rows of a sequence in order and carries states that never mix
    two groups of channels. An op without states is the degenerate case: its rows are
    independent too.

    A row of C channels is split into `getGroups()` groups of N = C / groups neighbouring
    channels. The op's results are its outputs, of the sequences' type, and then the final
    value of each state, in the order of `getInitialStates()`.
  }];

  let methods = [
    InterfaceMethod<"Operands with a value for every row: [T, C].",
      "::mlir::OperandRange", "getSequences">,
    InterfaceMethod<"Operands that are the same for every row: [C].",
      "::mlir::OperandRange", "getConstants", (ins), [{}], [{
        return $_op.getOperation()->getOperands().take_front(0);
      }]>,
    InterfaceMethod<[{
        The states before the first row: [C], or [groups, N, N].
      }],
      "::mlir::OperandRange", "getInitialStates", (ins), [{}], [{
        return $_op.getOperation()->getOperands().take_front(0);
      }]>,
    InterfaceMethod<[{
        How many independent groups a row is split into; 1 is the whole row.
      }],
      "int64_t", "getGroups", (ins), [{}], [{ return 1; }]>,
    InterfaceMethod<[{
        Emits one row of one group in the kernel body language: sequences, constants and
        vector states are tensor<Nxf32>, matrix states are tensor<NxNxf32>. Returns the
        outputs, then the next states. A step needs only one pass over the rows of a
        matrix state.
      }],
      "::llvm::SmallVector<::mlir::Value>", "emitStep",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::Location":$loc,
           "::mlir::ValueRange":$sequences, "::mlir::ValueRange":$constants,
           "::mlir::ValueRange":$states)>,
  ];
}

#endif // RWKV_RECURRENCE_INTERFACE_TD
