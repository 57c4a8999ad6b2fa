//===- Wkv7.td - rwkv.wkv7 ---------------------------------*- tablegen -*-===//
//
// RWKV-7's time mixing: a state that can also be erased along a direction.
//
//===----------------------------------------------------------------------===//
#ifndef RWKV_WKV7_TD
#define RWKV_WKV7_TD

include "dialects/RWKV/RWKVDialect.td"
include "dialects/RWKV/RWKVTypes.td"
include "dialects/RWKV/RecurrenceInterface.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def RWKV_Wkv7Op : RWKV_Op<"wkv7", [
    Pure, AllTypesMatch<["r", "w", "k", "v", "a", "b", "output"]>,
    AllTypesMatch<["state", "nextState"]>,
    DeclareOpInterfaceMethods<RWKV_RecurrenceOpInterface,
                              ["getInitialStates", "getGroups"]>,
  ]> {
  let summary = "RWKV-7 time mixing: a generalised delta rule, head by head.";
  let description = [{
    Semantics, for each head and for t = 0, 1, ..., T-1:

    ```
    S      = S diag(w[t])            // decay, column by column
           + (S_before a[t]) b[t]^T  // erase, an outer product
           + v[t] k[t]^T             // write, an outer product
    out[t] = S r[t]                  // read, after the write
    ```

    `S` is [V, K]: the value index first, the key index second. `w` is the decay itself, in
    (0, 1). In the model `a` is -kk and `b` is kk times the in-context learning rate, which
    takes what S holds at the direction kk out of it; the op allows any two vectors.

    Constraints:

    * (C1) All of `r`, `w`, `k`, `v`, `a`, `b` and the output have the same type.
    * (C2) `state` is [H, N, N] with H * N = C, where `r` is [T, C].

    Example:

    ```mlir
    %y, %next = rwkv.wkv7 %r, %w, %k, %v, %a, %b state %s
        : tensor<?x128xf32>, tensor<2x64x64xf32>
    ```
  }];
  let arguments = (ins RWKV_Rows:$r, RWKV_Rows:$w, RWKV_Rows:$k, RWKV_Rows:$v,
                       RWKV_Rows:$a, RWKV_Rows:$b, RWKV_MatrixState:$state);
  let results = (outs RWKV_Rows:$output, RWKV_MatrixState:$nextState);
  let assemblyFormat = [{
    $r `,` $w `,` $k `,` $v `,` $a `,` $b `state` $state attr-dict
    `:` type($r) `,` type($state)
  }];
  let hasVerifier = 1;
}

#endif // RWKV_WKV7_TD
