// RUN: rwkv-opt %s --split-input-file --verify-diagnostics
// Every constraint of rwkv.layer_norm has its diagnostic.

func.func @layer_norm_c1_weight(%x: tensor<?x64xf32>, %w: tensor<32xf32>, %b: tensor<64xf32>) {
  // expected-error @+1 {{'weight' has 32 channels, but 'x' has 64}}
  %0 = rwkv.layer_norm %x, %w, %b {eps = 1.0e-5} : tensor<?x64xf32>, tensor<32xf32>, tensor<64xf32>
  return
}

// -----

func.func @layer_norm_c1_bias(%x: tensor<?x64xf32>, %w: tensor<64xf32>, %b: tensor<32xf32>) {
  // expected-error @+1 {{'bias' has 32 channels, but 'x' has 64}}
  %0 = rwkv.layer_norm %x, %w, %b {eps = 1.0e-5} : tensor<?x64xf32>, tensor<64xf32>, tensor<32xf32>
  return
}

// -----

func.func @layer_norm_c2_eps(%x: tensor<?x64xf32>, %w: tensor<64xf32>, %b: tensor<64xf32>) {
  // expected-error @+1 {{'eps' is 0.000000e+00, but must be positive and finite}}
  %0 = rwkv.layer_norm %x, %w, %b {eps = 0.0} : tensor<?x64xf32>, tensor<64xf32>, tensor<64xf32>
  return
}

// -----

func.func @layer_norm_c2_eps_infinite(%x: tensor<?x64xf32>, %w: tensor<64xf32>, %b: tensor<64xf32>) {
  // expected-error @+1 {{'eps' is INF, but must be positive and finite}}
  %0 = rwkv.layer_norm %x, %w, %b {eps = 0x7FF0000000000000 : f64} : tensor<?x64xf32>, tensor<64xf32>, tensor<64xf32>
  return
}
