//===- Wkv4.td - rwkv.wkv4 ---------------------------------*- tablegen -*-===//
//
// RWKV-4's time mixing: a weighted mean of values, one state triple a channel.
//
//===----------------------------------------------------------------------===//
#ifndef RWKV_WKV4_TD
#define RWKV_WKV4_TD

include "dialects/RWKV/RWKVDialect.td"
include "dialects/RWKV/RWKVTypes.td"
include "dialects/RWKV/RecurrenceInterface.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def RWKV_Wkv4Op : RWKV_Op<"wkv4", [
    Pure, AllTypesMatch<["k", "v", "output"]>,
    AllTypesMatch<["aa", "bb", "pp", "nextAa", "nextBb", "nextPp"]>,
    DeclareOpInterfaceMethods<RWKV_RecurrenceOpInterface,
                              ["getConstants", "getInitialStates"]>,
  ]> {
  let summary = "RWKV-4 time mixing: values weighted by e^k, decaying with time.";
  let description = [{
    Semantics, for each channel and for t = 0, 1, ..., T-1:

    ```
    p      = max(pp, u + k[t])
    out[t] = (e^(pp - p) aa + e^(u + k[t] - p) v[t])
           / (e^(pp - p) bb + e^(u + k[t] - p))
    q      = max(pp + w, k[t])
    aa     = e^(pp + w - q) aa + e^(k[t] - q) v[t]
    bb     = e^(pp + w - q) bb + e^(k[t] - q)
    pp     = q
    ```

    `aa e^pp` and `bb e^pp` are the numerator and the denominator; keeping the exponent
    `pp` apart is what keeps every power at or below 1. `w` is the decay's logarithm,
    -e^time_decay. A text starts with aa = bb = 0 and pp = -1e30: with pp = 0 the first
    tokens would be averaged with a value of 0 that nobody wrote.

    Constraints:

    * (C1) `w` and `u` are [C], where `k` is [T, C].
    * (C2) `aa`, `bb` and `pp` are [C].

    Example:

    ```mlir
    %y, %a, %b, %p = rwkv.wkv4 %k, %v decay %w bonus %u states %aa, %bb, %pp
        : tensor<?x64xf32>, tensor<64xf32>, tensor<64xbf16>, tensor<64xf32>
    ```
  }];
  let arguments = (ins RWKV_Rows:$k, RWKV_Rows:$v, RWKV_Vector:$w, RWKV_Vector:$u,
                       RWKV_VectorState:$aa, RWKV_VectorState:$bb,
                       RWKV_VectorState:$pp);
  let results = (outs RWKV_Rows:$output, RWKV_VectorState:$nextAa,
                      RWKV_VectorState:$nextBb, RWKV_VectorState:$nextPp);
  let assemblyFormat = [{
    $k `,` $v `decay` $w `bonus` $u `states` $aa `,` $bb `,` $pp attr-dict
    `:` type($k) `,` type($w) `,` type($u) `,` type($aa)
  }];
  let hasVerifier = 1;
}

#endif // RWKV_WKV4_TD
