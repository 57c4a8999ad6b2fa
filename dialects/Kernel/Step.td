//===- Step.td - The order of kernels in a step -------------*- tablegen -*-===//
#ifndef RWKVC_KERNEL_STEP_TD
#define RWKVC_KERNEL_STEP_TD

include "dialects/Kernel/KernelDialect.td"
include "dialects/Kernel/Schedule.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Kernel_ParallelOp : Kernel_Op<"parallel", [
    SingleBlockImplicitTerminator<"YieldOp">, NoRegionArguments]> {
  let summary = "Kernels that run between two barriers.";
  let description = [{
    The kernels inside do not depend on each other. Their units are laid end
    to end and cut into one range a thread, so that no thread waits for a
    small kernel. A kernel.quantize may follow the kernel that makes its rows:
    each thread then quantises what it has made.

    Constraints:

    * (C1) No kernel inside uses the result of another one inside, but a
      kernel.quantize whose units hold the same columns as those of its maker.
    * (C2) The results have the types of the yielded values.

    Example:

    ```mlir
    %r, %k = kernel.parallel {
      %0 = kernel.call @gemm_0(%xr, %wr) : (...) -> tensor<?x64xf32>
      %1 = kernel.call @gemm_0(%xk, %wk) : (...) -> tensor<?x64xf32>
      kernel.yield %0, %1 : tensor<?x64xf32>, tensor<?x64xf32>
    } -> tensor<?x64xf32>, tensor<?x64xf32>
    ```
  }];
  let results = (outs Variadic<AnyType>:$results);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "attr-dict-with-keyword $body (`->` type($results)^)?";
  let hasVerifier = 1;
}

def Kernel_CallOp : Kernel_Op<"call", [
    Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "Runs an outlined kernel on these values.";
  let description = [{
    The callee is a private function that holds one kernel. `places` says,
    once memory is planned, where each result is written.

    Constraints:

    * (C1) The callee is a function with the call's operand and result types.
    * (C2) There is a place for each result, or none at all.

    Example:

    ```mlir
    %y = kernel.call @gemm_0(%x, %w) places [#kernel.place<arena, 0>]
        : (tensor<?x64xf32>, tensor<64x64xbf16>) -> tensor<?x64xf32>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$callee, Variadic<AnyType>:$inputs,
                       OptionalAttr<ArrayAttr>:$places);
  let results = (outs Variadic<AnyType>:$results);
  let assemblyFormat = [{
    $callee `(` $inputs `)` (`places` $places^)? attr-dict
    `:` functional-type($inputs, $results)
  }];
  let hasVerifier = 1;
}

#endif // RWKVC_KERNEL_STEP_TD
