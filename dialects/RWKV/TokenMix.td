//===- TokenMix.td - rwkv.token_shift, rwkv.lerp -----------*- tablegen -*-===//
//
// How a token sees the one before it: token_shift says which, lerp says how much of it.
//
//===----------------------------------------------------------------------===//
#ifndef RWKV_TOKEN_MIX_TD
#define RWKV_TOKEN_MIX_TD

include "dialects/RWKV/RWKVDialect.td"
include "dialects/RWKV/RWKVTypes.td"
include "dialects/RWKV/RecurrenceInterface.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def RWKV_TokenShiftOp : RWKV_Op<"token_shift", [
    Pure, AllTypesMatch<["x", "before"]>, AllTypesMatch<["previous", "last"]>,
    DeclareOpInterfaceMethods<RWKV_RecurrenceOpInterface, ["getInitialStates"]>,
  ]> {
  let summary = "For every row the row before it; the last row is the next state.";
  let description = [{
    Semantics:

    ```
    before = [previous, x[0], ..., x[T-2]]
    last   = x[T-1]                          // previous when T is 0
    ```

    Constraints:

    * (C1) `previous` is [C], where `x` is [T, C].

    Example:

    ```mlir
    %before, %last = rwkv.token_shift %x from %previous
        : tensor<?x64xf32>, tensor<64xf32>
    ```
  }];
  let arguments = (ins RWKV_Rows:$x, RWKV_VectorState:$previous);
  let results = (outs RWKV_Rows:$before, RWKV_VectorState:$last);
  let assemblyFormat = [{
    $x `from` $previous attr-dict `:` type($x) `,` type($previous)
  }];
  let hasVerifier = 1;
}

def RWKV_LerpOp : RWKV_Op<"lerp", [
    Pure, AllTypesMatch<["x", "y", "output"]>,
    DeclareOpInterfaceMethods<RWKV_RecurrenceOpInterface, ["getConstants"]>,
  ]> {
  let summary = "Goes from x towards y, channel by channel.";
  let description = [{
    Semantics: `out = x + (y - x) * mix`, where a `mix` of [C] is the same for every row.

    Token mixing in v4 and v5 is `lerp(before, x, mix)`, in v6 and v7 `lerp(x, before,
    mix)`. RWKV-7's `k * (1 + (a - 1) * k_a)` is `lerp(k, k * a, k_a)`.

    Constraints:

    * (C1) `mix` is [C], or of the type of `x`, where `x` is [T, C].

    Example:

    ```mlir
    %z = rwkv.lerp %x, %y by %mix : tensor<?x64xf32>, tensor<64xbf16>
    ```
  }];
  let arguments = (ins RWKV_Rows:$x, RWKV_Rows:$y, RWKV_RowsOrVector:$mix);
  let results = (outs RWKV_Rows:$output);
  let assemblyFormat = [{
    $x `,` $y `by` $mix attr-dict `:` type($x) `,` type($mix)
  }];
  let hasVerifier = 1;
}

#endif // RWKV_TOKEN_MIX_TD
