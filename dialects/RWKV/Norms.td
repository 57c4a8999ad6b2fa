//===- Norms.td - Layer, group and L2 norms -----------------*- tablegen -*-===//
//
// Normalisations of a row, or of each head's part of it.
//
//===----------------------------------------------------------------------===//
#ifndef RWKV_NORMS_TD
#define RWKV_NORMS_TD

include "dialects/RWKV/RWKVDialect.td"
include "dialects/RWKV/RWKVTypes.td"
include "dialects/RWKV/RecurrenceInterface.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def RWKV_LayerNormOp : RWKV_Op<"layer_norm", [
    Pure, AllTypesMatch<["x", "output"]>,
    DeclareOpInterfaceMethods<RWKV_RecurrenceOpInterface, ["getConstants"]>,
  ]> {
  let summary = "Brings every row to mean 0 and variance 1, then scales and shifts it.";
  let description = [{
    Semantics, for each row t:

    ```
    mean   = sum_c x[t, c] / C
    var    = sum_c (x[t, c] - mean)^2 / C
    out[t] = (x[t] - mean) / sqrt(var + eps) * weight + bias
    ```

    Constraints:

    * (C1) `weight` and `bias` are [C], where `x` is [T, C].
    * (C2) `eps` is positive and finite.

    Example:

    ```mlir
    %y = rwkv.layer_norm %x, %weight, %bias {eps = 1.0e-5}
        : tensor<?x64xf32>, tensor<64xbf16>, tensor<64xbf16>
    ```
  }];
  let arguments = (ins RWKV_Rows:$x, RWKV_Vector:$weight, RWKV_Vector:$bias,
                       F64Attr:$eps);
  let results = (outs RWKV_Rows:$output);
  let assemblyFormat = [{
    $x `,` $weight `,` $bias attr-dict
    `:` type($x) `,` type($weight) `,` type($bias)
  }];
  let hasVerifier = 1;
}

def RWKV_GroupNormOp : RWKV_Op<"group_norm", [
    Pure, AllTypesMatch<["x", "output"]>,
    DeclareOpInterfaceMethods<RWKV_RecurrenceOpInterface, ["getConstants"]>,
  ]> {
  let summary = "A layer norm of each head's channels by themselves.";
  let description = [{
    Semantics: as `rwkv.layer_norm`, with the mean and the variance taken over each group
    of N = C / groups neighbouring channels.

    Constraints:

    * (C1) `weight` and `bias` are [C], where `x` is [T, C].
    * (C2) `eps` is positive and finite.
    * (C3) `groups` is positive and divides C.

    Example:

    ```mlir
    %y = rwkv.group_norm %x, %weight, %bias {eps = 6.4e-4, groups = 2}
        : tensor<?x64xf32>, tensor<64xbf16>, tensor<64xbf16>
    ```
  }];
  let arguments = (ins RWKV_Rows:$x, RWKV_Vector:$weight, RWKV_Vector:$bias,
                       F64Attr:$eps, I64Attr:$groups);
  let results = (outs RWKV_Rows:$output);
  let assemblyFormat = [{
    $x `,` $weight `,` $bias attr-dict
    `:` type($x) `,` type($weight) `,` type($bias)
  }];
  let hasVerifier = 1;
}

def RWKV_L2NormalizeOp : RWKV_Op<"l2_normalize", [
    Pure, AllTypesMatch<["x", "output"]>,
    DeclareOpInterfaceMethods<RWKV_RecurrenceOpInterface>,
  ]> {
  let summary = "Brings each head's channels to length 1.";
  let description = [{
    Semantics, for each row t and each group g of N = C / groups neighbouring channels:

    ```
    out[t, g] = x[t, g] / max(sqrt(sum_n x[t, g, n]^2), 1e-12)
    ```

    The floor is a maximum, not a sum: that is what the official code does.

    Constraints:

    * (C1) `groups` is positive and divides C.

    Example:

    ```mlir
    %y = rwkv.l2_normalize %x {groups = 2} : tensor<?x64xf32>
    ```
  }];
  let arguments = (ins RWKV_Rows:$x, I64Attr:$groups);
  let results = (outs RWKV_Rows:$output);
  let assemblyFormat = "$x attr-dict `:` type($x)";
  let hasVerifier = 1;
}

#endif // RWKV_NORMS_TD
