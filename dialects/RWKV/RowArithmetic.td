//===- RowArithmetic.td - Scale, bonus and activate --------*- tablegen -*-===//
//
// Arithmetic on rows that upstream's arith and math dialects lack. Sums and products of
// two [T, C] tensors are arith.addf and arith.mulf.
//
//===----------------------------------------------------------------------===//
#ifndef RWKV_ROW_ARITHMETIC_TD
#define RWKV_ROW_ARITHMETIC_TD

include "dialects/RWKV/ActivationKind.td"
include "dialects/RWKV/RWKVDialect.td"
include "dialects/RWKV/RWKVTypes.td"
include "dialects/RWKV/RecurrenceInterface.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def RWKV_ScaleOp : RWKV_Op<"scale", [
    Pure, AllTypesMatch<["x", "output"]>,
    DeclareOpInterfaceMethods<RWKV_RecurrenceOpInterface, ["getConstants"]>,
  ]> {
  let summary = "Multiplies every row with the same vector.";
  let description = [{
    Semantics: `out[t] = x[t] * by`.

    Constraints:

    * (C1) `by` is [C], where `x` is [T, C].

    Example:

    ```mlir
    %y = rwkv.scale %x by %v : tensor<?x64xf32>, tensor<64xbf16>
    ```
  }];
  let arguments = (ins RWKV_Rows:$x, RWKV_Vector:$by);
  let results = (outs RWKV_Rows:$output);
  let assemblyFormat = "$x `by` $by attr-dict `:` type($x) `,` type($by)";
  let hasVerifier = 1;
}

def RWKV_BonusOp : RWKV_Op<"bonus", [
    Pure, AllTypesMatch<["r", "k", "v", "output"]>,
    DeclareOpInterfaceMethods<RWKV_RecurrenceOpInterface, ["getConstants"]>,
  ]> {
  let summary = "RWKV-7's extra weight on the current token, head by head.";
  let description = [{
    Semantics, for each row t and each group g of N = C / groups neighbouring channels:

    ```
    out[t, g] = (sum_n r[t, g, n] * k[t, g, n] * r_k[g, n]) * v[t, g]
    ```

    Constraints:

    * (C1) `r_k` is [C], where `r` is [T, C].
    * (C2) `groups` is positive and divides C.

    Example:

    ```mlir
    %y = rwkv.bonus %r, %k, %v, %r_k {groups = 2}
        : tensor<?x64xf32>, tensor<64xbf16>
    ```
  }];
  let arguments = (ins RWKV_Rows:$r, RWKV_Rows:$k, RWKV_Rows:$v,
                       RWKV_Vector:$r_k, I64Attr:$groups);
  let results = (outs RWKV_Rows:$output);
  let assemblyFormat = [{
    $r `,` $k `,` $v `,` $r_k attr-dict `:` type($r) `,` type($r_k)
  }];
  let hasVerifier = 1;
}

def RWKV_ActivateOp : RWKV_Op<"activate", [
    Pure, InferTypeOpAdaptor,
    DeclareOpInterfaceMethods<RWKV_RecurrenceOpInterface>,
  ]> {
  let summary = "Applies a function of one number to every element.";
  let description = [{
    Semantics: `out = f(f32(x))`, where f is

    ```
    exp              e^x                         sigmoid       1 / (1 + e^-x)
    neg_exp          -e^x                        silu          x / (1 + e^-x)
    exp_neg_exp      e^(-e^x)                    tanh          tanh x
    exp_neg_sigmoid  e^(-0.606531 sigmoid(x))    relu_squared  max(x, 0)^2
    ```

    On a vector it says how a parameter is stored (a decay as its logarithm); the fold
    pass moves such ops into the weight, so that no kernel ever computes one.

    Constraints:

    * (C1) The result has the shape of `x` and is f32.

    Example:

    ```mlir
    %g = rwkv.activate silu %x : tensor<?x64xf32>
    %w = rwkv.activate neg_exp %decay : tensor<64xbf16>
    ```
  }];
  let arguments = (ins RWKV_ActivationKind:$kind, RWKV_RowsOrVector:$x);
  let results = (outs RWKV_RowsOrVector:$output);
  let assemblyFormat = "$kind $x attr-dict `:` type($x)";
}

#endif // RWKV_ROW_ARITHMETIC_TD
