// RUN: rwkv-opt %s --split-input-file --verify-diagnostics
// Every constraint of rwkv.linear has its diagnostic.

func.func @linear_c1_columns(%x: tensor<?x64xf32>, %w: tensor<64x96xf32>) {
  // expected-error @+1 {{'weight' has 96 columns, but 'x' has 64 channels}}
  %0 = rwkv.linear %x, %w : tensor<?x64xf32>, tensor<64x96xf32>
  return
}

// -----

func.func @linear_c2_bias(%x: tensor<?x64xf32>, %w: tensor<96x64xf32>, %b: tensor<64xf32>) {
  // expected-error @+1 {{'bias' has 64 elements, but 'weight' has 96 rows}}
  %0 = rwkv.linear %x, %w bias %b : tensor<?x64xf32>, tensor<96x64xf32>, tensor<64xf32>
  return
}

// -----

func.func @linear_c3_result(%x: tensor<?x64xf32>, %w: tensor<96x64xf32>) {
  // expected-error @+2 {{inferred type(s) 'tensor<?x96xf32>' are incompatible}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = "rwkv.linear"(%x, %w) : (tensor<?x64xf32>, tensor<96x64xf32>) -> tensor<?x64xf32>
  return
}

// -----

func.func @linear_narrow_rows(%x: tensor<?x64xbf16>, %w: tensor<96x64xbf16>) {
  // expected-error @+1 {{operand #0 must be f32 rows}}
  %0 = "rwkv.linear"(%x, %w) : (tensor<?x64xbf16>, tensor<96x64xbf16>) -> tensor<?x96xbf16>
  return
}
