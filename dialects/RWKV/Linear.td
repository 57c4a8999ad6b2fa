//===- Linear.td - rwkv.linear -----------------------------*- tablegen -*-===//
//
// The one matrix product of the dialect: rows against a weight.
//
//===----------------------------------------------------------------------===//
#ifndef RWKV_LINEAR_TD
#define RWKV_LINEAR_TD

include "dialects/RWKV/RWKVDialect.td"
include "dialects/RWKV/RWKVTypes.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def RWKV_LinearOp : RWKV_Op<"linear", [
    Pure, InferTypeOpAdaptor,
  ]> {
  let summary = "Rows times the transpose of a weight, plus a bias.";
  let description = [{
    Semantics: `out[t, n] = sum_k x[t, k] * f32(weight[n, k]) + bias[n]`.

    The weight is [N, K], output channel first, as PyTorch's Linear stores it. Products
    are summed in f32, in an order that may depend on N and K but not on T.

    Constraints:

    * (C1) `weight` has as many columns as `x` has channels.
    * (C2) `bias`, when there is one, is [N].
    * (C3) The result is [T, N] f32.

    Example:

    ```mlir
    %r = rwkv.linear %x, %w : tensor<?x64xf32>, tensor<64x64xbf16>
    %a = rwkv.linear %y, %u bias %b
        : tensor<?x24xf32>, tensor<64x24xf16>, tensor<64xf32>
    ```
  }];
  let arguments = (ins RWKV_Rows:$x, RWKV_Matrix:$weight,
                       Optional<RWKV_Vector>:$bias);
  let results = (outs RWKV_Rows:$output);
  let assemblyFormat = [{
    $x `,` $weight (`bias` $bias^)? attr-dict
    `:` type($x) `,` type($weight) (`,` type($bias)^)?
  }];
  let hasVerifier = 1;
}

#endif // RWKV_LINEAR_TD
