//===- KernelDialect.td - The kernel dialect ----------------*- tablegen -*-===//
//
// The waist between passes and backends. A kernel is one loop nest that any number of
// threads run together, each over its own range of output columns.
//
//===----------------------------------------------------------------------===//

#ifndef RWKVC_KERNEL_DIALECT_TD
#define RWKVC_KERNEL_DIALECT_TD

include "mlir/IR/OpBase.td"

def Kernel_Dialect : Dialect {
  let name = "kernel";
  let cppNamespace = "::rwkvc::kernel";
  let summary = "Kernels between two barriers, and the schedule of each.";
  let description = [{
    Shapes: M rows (a dynamic dimension), C channels, N and K outputs and inputs
    of a matrix, G groups of a row. Work is partitioned over output columns,
    never over rows or inputs, so results do not depend on the thread count.
  }];
  let useDefaultAttributePrinterParser = 1;
}

class Kernel_Op<string mnemonic, list<Trait> traits = []>
    : Op<Kernel_Dialect, mnemonic, traits>;

#endif // RWKVC_KERNEL_DIALECT_TD
