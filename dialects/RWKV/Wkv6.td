//===- Wkv6.td - rwkv.wkv6 ---------------------------------*- tablegen -*-===//
//
// RWKV-6's time mixing: that of RWKV-5 with a decay for every row.
//
//===----------------------------------------------------------------------===//
#ifndef RWKV_WKV6_TD
#define RWKV_WKV6_TD

include "dialects/RWKV/RWKVDialect.td"
include "dialects/RWKV/RWKVTypes.td"
include "dialects/RWKV/RecurrenceInterface.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def RWKV_Wkv6Op : RWKV_Op<"wkv6", [
    Pure, AllTypesMatch<["r", "w", "k", "v", "output"]>,
    AllTypesMatch<["state", "nextState"]>,
    DeclareOpInterfaceMethods<RWKV_RecurrenceOpInterface,
                              ["getConstants", "getInitialStates", "getGroups"]>,
  ]> {
  let summary = "RWKV-6 time mixing: linear attention with a decay for each row.";
  let description = [{
    Semantics, for each head and for t = 0, 1, ..., T-1:

    ```
    out[t] = (S + (u * k[t]) v[t]^T)^T r[t]   // read, before the write
    S[i]   = w[t][i] * S[i] + k[t][i] v[t]     // decay and write, row by row
    ```

    `S` is [K, V]: the key index first, the value index second, which is the transpose of
    RWKV-7's. `w` is the decay itself, in (0, 1): the activation has been applied.

    Constraints:

    * (C1) `u` is [C], where `r` is [T, C].
    * (C2) `state` is [H, N, N] with H * N = C.

    Example:

    ```mlir
    %y, %next = rwkv.wkv6 %r, %w, %k, %v bonus %u state %s
        : tensor<?x128xf32>, tensor<128xbf16>, tensor<2x64x64xf32>
    ```
  }];
  let arguments = (ins RWKV_Rows:$r, RWKV_Rows:$w, RWKV_Rows:$k, RWKV_Rows:$v,
                       RWKV_Vector:$u, RWKV_MatrixState:$state);
  let results = (outs RWKV_Rows:$output, RWKV_MatrixState:$nextState);
  let assemblyFormat = [{
    $r `,` $w `,` $k `,` $v `bonus` $u `state` $state attr-dict
    `:` type($r) `,` type($u) `,` type($state)
  }];
  let hasVerifier = 1;
}

#endif // RWKV_WKV6_TD
