//===- Gather.td - kernel.gather ----------------------------*- tablegen -*-===//
#ifndef RWKVC_KERNEL_GATHER_TD
#define RWKVC_KERNEL_GATHER_TD

include "dialects/Kernel/KernelInterface.td"
include "dialects/Kernel/Schedule.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Kernel_GatherOp : Kernel_Op<"gather", [
    Pure,
    DeclareOpInterfaceMethods<Kernel_KernelOpInterface,
        ["getUnits", "getUnitColumns", "getUnitCost", "getRowSource"]>]> {
  let summary = "Picks rows of a table, widened to f32.";
  let description = [{
    Semantics: `out[m, c] = table[index[m], c]`. Indices are in range: the
    runtime has checked the tokens.

    Constraints:

    * (C1) `table` is [R, C], `index` [M], and the result [M, C].
    * (C2) A table lies row by row, or in panels of 16 rows in a known format; a block of the schedule is then whole
           steps of the format.

    Example:

    ```mlir
    %x = kernel.gather %table[%tokens]
        : tensor<256x64xbf16>, tensor<?xi32> -> tensor<?x64xf32>
    ```
  }];
  let arguments = (ins 2DTensorOf<[AnyFloat]>:$table, 1DTensorOf<[I32]>:$index,
                       OptionalAttr<Kernel_ScheduleAttr>:$schedule);
  let results = (outs 2DTensorOf<[F32]>:$result);
  let assemblyFormat = [{
    $table `[` $index `]` (`schedule` $schedule^)? attr-dict
    `:` type($table) `,` type($index) `->` type($result)
  }];
  let hasVerifier = 1;
}

#endif // RWKVC_KERNEL_GATHER_TD
