//===- Wkv5.td - rwkv.wkv5 ---------------------------------*- tablegen -*-===//
//
// RWKV-5's time mixing: linear attention with a matrix state a head.
//
//===----------------------------------------------------------------------===//
#ifndef RWKV_WKV5_TD
#define RWKV_WKV5_TD

include "dialects/RWKV/RWKVDialect.td"
include "dialects/RWKV/RWKVTypes.td"
include "dialects/RWKV/RecurrenceInterface.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def RWKV_Wkv5Op : RWKV_Op<"wkv5", [
    Pure, AllTypesMatch<["r", "k", "v", "output"]>,
    AllTypesMatch<["state", "nextState"]>,
    DeclareOpInterfaceMethods<RWKV_RecurrenceOpInterface,
                              ["getConstants", "getInitialStates", "getGroups"]>,
  ]> {
  let summary = "RWKV-5 time mixing: linear attention with a decay for each channel.";
  let description = [{
    Semantics, for each head and for t = 0, 1, ..., T-1:

    ```
    out[t] = (S + (u * k[t]) v[t]^T)^T r[t]   // read, before the write
    S[i]   = w[i] * S[i] + k[t][i] v[t]       // decay and write, row by row
    ```

    `S` is [K, V]: the key index first, the value index second, which is the transpose of
    RWKV-7's. `w` is the decay itself, in (0, 1).

    Constraints:

    * (C1) `w` and `u` are [C], where `r` is [T, C].
    * (C2) `state` is [H, N, N] with H * N = C.

    Example:

    ```mlir
    %y, %next = rwkv.wkv5 %r, %k, %v decay %w bonus %u state %s
        : tensor<?x128xf32>, tensor<128xf32>, tensor<128xbf16>, tensor<2x64x64xf32>
    ```
  }];
  let arguments = (ins RWKV_Rows:$r, RWKV_Rows:$k, RWKV_Rows:$v, RWKV_Vector:$w,
                       RWKV_Vector:$u, RWKV_MatrixState:$state);
  let results = (outs RWKV_Rows:$output, RWKV_MatrixState:$nextState);
  let assemblyFormat = [{
    $r `,` $k `,` $v `decay` $w `bonus` $u `state` $state attr-dict
    `:` type($r) `,` type($w) `,` type($u) `,` type($state)
  }];
  let hasVerifier = 1;
}

#endif // RWKV_WKV5_TD
