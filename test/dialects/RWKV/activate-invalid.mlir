// RUN: rwkv-opt %s --split-input-file --verify-diagnostics
// Every constraint of rwkv.activate has its diagnostic.

func.func @activate_c1_result(%x: tensor<64xbf16>) {
  // expected-error @+2 {{inferred type(s) 'tensor<64xf32>' are incompatible}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = "rwkv.activate"(%x) <{kind = 0 : i32}> : (tensor<64xbf16>) -> tensor<64xbf16>
  return
}

// -----

func.func @activate_unknown_kind(%x: tensor<64xf32>) {
  // expected-error @+1 {{expected string or keyword containing one of the following enum values}}
  %0 = rwkv.activate gelu %x : tensor<64xf32>
  return
}
