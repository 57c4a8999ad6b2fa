// RUN: rwkv-opt %s --split-input-file --verify-diagnostics
// Every constraint of rwkv.embed has its diagnostic.

func.func @embed_c1_result_not_rows(%table: tensor<256x64xbf16>, %tokens: tensor<?xi32>) {
  // expected-error @+2 {{inferred type(s) 'tensor<?x64xf32>' are incompatible}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = "rwkv.embed"(%table, %tokens) : (tensor<256x64xbf16>, tensor<?xi32>) -> tensor<?x32xf32>
  return
}

// -----

func.func @embed_c2_empty_table(%table: tensor<0x64xbf16>, %tokens: tensor<?xi32>) {
  // expected-error @+1 {{'table' has no rows, but every token needs one}}
  %0 = rwkv.embed %table[%tokens] : tensor<0x64xbf16>, tensor<?xi32>
  return
}

// -----

func.func @embed_tokens_not_i32(%table: tensor<256x64xbf16>, %tokens: tensor<?xi64>) {
  // expected-error @+1 {{operand #1 must be i32 vector}}
  %0 = rwkv.embed %table[%tokens] : tensor<256x64xbf16>, tensor<?xi64>
  return
}
