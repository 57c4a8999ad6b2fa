// RUN: rwkv-opt %s --split-input-file --verify-diagnostics
// Every constraint of rwkv.group_norm has its diagnostic.

func.func @group_norm_c1_weight(%x: tensor<?x64xf32>, %w: tensor<2xf32>, %b: tensor<64xf32>) {
  // expected-error @+1 {{'weight' has 2 channels, but 'x' has 64}}
  %0 = rwkv.group_norm %x, %w, %b {eps = 6.4e-4, groups = 2} : tensor<?x64xf32>, tensor<2xf32>, tensor<64xf32>
  return
}

// -----

func.func @group_norm_c2_eps(%x: tensor<?x64xf32>, %w: tensor<64xf32>, %b: tensor<64xf32>) {
  // expected-error @+1 {{'eps' is -1.000000e+00, but must be positive and finite}}
  %0 = rwkv.group_norm %x, %w, %b {eps = -1.0, groups = 2} : tensor<?x64xf32>, tensor<64xf32>, tensor<64xf32>
  return
}

// -----

func.func @group_norm_c3_not_a_divisor(%x: tensor<?x64xf32>, %w: tensor<64xf32>, %b: tensor<64xf32>) {
  // expected-error @+1 {{'x' has 64 channels, which 'groups' = 3 does not divide}}
  %0 = rwkv.group_norm %x, %w, %b {eps = 6.4e-4, groups = 3} : tensor<?x64xf32>, tensor<64xf32>, tensor<64xf32>
  return
}

// -----

func.func @group_norm_c3_no_groups(%x: tensor<?x64xf32>, %w: tensor<64xf32>, %b: tensor<64xf32>) {
  // expected-error @+1 {{'groups' is 0, but must be positive}}
  %0 = rwkv.group_norm %x, %w, %b {eps = 6.4e-4, groups = 0} : tensor<?x64xf32>, tensor<64xf32>, tensor<64xf32>
  return
}
