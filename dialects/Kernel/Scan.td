//===- Scan.td - kernel.scan --------------------------------*- tablegen -*-===//
#ifndef RWKVC_KERNEL_SCAN_TD
#define RWKVC_KERNEL_SCAN_TD

include "dialects/Kernel/KernelInterface.td"
include "dialects/Kernel/Schedule.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Kernel_ScanOp : Kernel_Op<"scan", [
    Pure, AttrSizedOperandSegments, IsolatedFromAbove,
    DeclareOpInterfaceMethods<Kernel_KernelOpInterface,
        ["getUnits", "getUnitColumns", "getUnitCost", "getRowSource"]>,
    SingleBlockImplicitTerminator<"YieldOp">]> {
  let summary = "Walks the rows of each sequence, carrying states.";
  let description = [{
    A row of C channels is split into G groups of N = C / G. Groups never see
    each other. Without states the rows are independent too, and the scan is
    an element-wise map or a norm.

    Semantics, for each group g and for rows m = 0, 1, ... of a sequence:

    ```
    out[m, g], ..., state[g], ... =
        body(rows[0][m, g], ..., constants[0][g], ..., state[g], ...)
    ```

    Constraints:

    * (C1) Each of `rows` is [M, C] and each of `constants` [C], of one C that
      `groups` divides.
    * (C2) Each of `states` is [C], or [G, N, N].
    * (C3) The body takes a tensor<N> for each of `rows` and `constants`, then
      a tensor<N> or tensor<NxN> for each state; all f32.
    * (C4) The body yields a tensor<N> for each output, then the next states.
    * (C5) The results are the outputs, each [M, C], then the final states.

    Example:

    ```mlir
    %before, %last = kernel.scan groups 1 rows(%x : tensor<?x64xf32>)
        states(%s : tensor<64xf32>) {
    ^bb0(%now: tensor<64xf32>, %previous: tensor<64xf32>):
      kernel.yield %previous, %now : tensor<64xf32>, tensor<64xf32>
    } -> tensor<?x64xf32>, tensor<64xf32>
    ```
  }];
  let arguments = (ins I64Attr:$groups, Variadic<2DTensorOf<[F32]>>:$rows,
                       Variadic<1DTensorOf<[AnyFloat]>>:$constants,
                       Variadic<TensorOf<[F32]>>:$states,
                       OptionalAttr<Kernel_ScheduleAttr>:$schedule);
  let results = (outs Variadic<TensorOf<[F32]>>:$results);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    `groups` $groups `rows` `(` $rows `:` type($rows) `)`
    (`constants` `(` $constants^ `:` type($constants) `)`)?
    (`states` `(` $states^ `:` type($states) `)`)?
    (`schedule` $schedule^)? attr-dict-with-keyword $body
    `->` type($results)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::OperandRange getInitialStates() { return getStates(); }

    /// C and N.
    int64_t getChannels();
    int64_t getGroupSize() { return getChannels() / getGroups(); }

    /// Results and yielded values that are not states.
    unsigned getNumOutputs() { return getNumResults() - getStates().size(); }

    bool hasMatrixState();

    /// True if the body computes every channel from that channel alone.
    bool isElementwise();
  }];
}

#endif // RWKVC_KERNEL_SCAN_TD
