//===- Gathers.td - rwkv.embed, rwkv.take_rows -------------*- tablegen -*-===//
//
// Choosing rows: of the embedding table at the start, of the activations at the end.
//
//===----------------------------------------------------------------------===//
#ifndef RWKV_GATHERS_TD
#define RWKV_GATHERS_TD

include "dialects/RWKV/RWKVDialect.td"
include "dialects/RWKV/RWKVTypes.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def RWKV_EmbedOp : RWKV_Op<"embed", [
    Pure, InferTypeOpAdaptor,
  ]> {
  let summary = "Looks up a row of the embedding table for every token.";
  let description = [{
    Semantics: `out[t] = f32(table[tokens[t]])`.

    That every token is in [0, V) is the caller's promise; the runtime checks it before a
    step.

    Constraints:

    * (C1) The result is [T, C] f32, where `tokens` is [T] and `table` is [V, C].
    * (C2) V >= 1.

    Example:

    ```mlir
    %x = rwkv.embed %table[%tokens] : tensor<256x64xbf16>, tensor<?xi32>
    ```
  }];
  let arguments = (ins RWKV_Matrix:$table, RWKV_Indices:$tokens);
  let results = (outs RWKV_Rows:$output);
  let assemblyFormat = [{
    $table `[` $tokens `]` attr-dict `:` type($table) `,` type($tokens)
  }];
  let hasVerifier = 1;
}

def RWKV_TakeRowsOp : RWKV_Op<"take_rows", [
    Pure, InferTypeOpAdaptor,
  ]> {
  let summary = "Keeps the rows whose numbers are listed.";
  let description = [{
    Semantics: `out[i] = x[rows[i]]`.

    That every index is in [0, T) is the caller's promise.

    Constraints:

    * (C1) The result is [R, C] f32, where `rows` is [R] and `x` is [T, C].

    Example:

    ```mlir
    %last = rwkv.take_rows %x[%wanted] : tensor<?x64xf32>, tensor<?xi32>
    ```
  }];
  let arguments = (ins RWKV_Rows:$x, RWKV_Indices:$rows);
  let results = (outs RWKV_Rows:$output);
  let assemblyFormat = [{
    $x `[` $rows `]` attr-dict `:` type($x) `,` type($rows)
  }];
}

#endif // RWKV_GATHERS_TD
