//===- Gemm.td - kernel.gemm --------------------------------*- tablegen -*-===//
#ifndef RWKVC_KERNEL_GEMM_TD
#define RWKVC_KERNEL_GEMM_TD

include "dialects/Kernel/KernelInterface.td"
include "dialects/Kernel/Schedule.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Kernel_GemmOp : Kernel_Op<"gemm", [
    Pure, AttrSizedOperandSegments, IsolatedFromAbove,
    DeclareOpInterfaceMethods<Kernel_KernelOpInterface,
        ["getUnits", "getUnitColumns", "getUnitCost", "getRowSource"]>,
    SingleBlockImplicitTerminator<"YieldOp">]> {
  let summary = "Rows times a weight, with an element-wise epilogue.";
  let description = [{
    Semantics, for each row m and output n:

    ```
    acc       = sum over k of x[m, k] * weight[n, k]
    out[m, n] = body(acc, rows[0][m, n], ..., constants[0][n], ...)
    ```

    The sum runs over k in ascending order, in f32, one fused multiply-add at a
    time, whatever the tile: a row's result does not depend on its neighbours.

    If `x` is of bf16, k runs over pairs of inputs, and both products of a pair
    are added as the target's dot product does.

    If `x` is quantised, the products of a group are summed in integers, which
    is exact, and the groups as above:

    ```
    acc = scale(n) * sum over groups g of
            (level(g, n) * scale(m, g)) * sum over k in g of q[m, k] * code[n, k]
    ```

    Where a group of `x` joins several of the weight's, these get one scale,
    and their codes times their levels are rounded to 8 bits under it. An f16
    weight is rounded to bf16 if `x` is.

    `zeros` is the share of `x` that is expected to be zero. It changes what is
    fast, not what is computed.

    Constraints:

    * (C1) `x` is [M, K] and `weight` [N, K]; the result is [M, N].
    * (C2) Each of `rows` is [M, N].
    * (C3) Each of `constants` is [N].
    * (C4) The body takes `acc`, then one f32 for each of `rows` and
      `constants`, and yields one f32.
    * (C5) A scheduled panel is the weight's panel.
    * (C6) An input-major weight has rows of f32 or bf16, and only with such a
      weight a schedule skips zeros.
    * (C7) The groups of a quantised `x` are those of the weight's format, or
      several of them joined, which then divide the inputs; an `x` of bf16 has
      a weight of bf16 or f16.

    Example:

    ```mlir
    %y = kernel.gemm %x, %w rows(%residual : tensor<?x64xf32>) {
    ^bb0(%acc: f32, %old: f32):
      %sum = arith.addf %old, %acc : f32
      kernel.yield %sum : f32
    } : tensor<?x128xf32>, tensor<64x128xbf16> -> tensor<?x64xf32>
    ```
  }];
  let arguments = (ins 2DTensorOf<[F32, BF16, I8, I16]>:$x, 2DTensorOf<[AnyFloat]>:$weight,
                       Variadic<2DTensorOf<[F32]>>:$rows,
                       Variadic<1DTensorOf<[AnyFloat]>>:$constants,
                       OptionalAttr<Kernel_ScheduleAttr>:$schedule,
                       OptionalAttr<F64Attr>:$zeros);
  let results = (outs 2DTensorOf<[F32]>:$result);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $x `,` $weight (`rows` `(` $rows^ `:` type($rows) `)`)?
    (`constants` `(` $constants^ `:` type($constants) `)`)?
    (`zeros` $zeros^)? (`schedule` $schedule^)? attr-dict-with-keyword $body
    `:` type($x) `,` type($weight) `->` type($result)
  }];
  let extraClassDeclaration = [{
    /// The body ends with max(v, 0)^2: half of the results are zero, or more.
    bool yieldsSquaredRelu();

    /// The weight lies in panels, and not as several rows want to be
    /// multiplied: it is of f16 and `x` of bf16, its groups are smaller than
    /// those of `x`, or it is quantised and `x` is not.
    bool widensWeight();
  }];
  let hasVerifier = 1;
}

#endif // RWKVC_KERNEL_GEMM_TD
