// RUN: rwkv-opt %s --split-input-file --verify-diagnostics
// Every constraint of rwkv.bonus has its diagnostic.

func.func @bonus_c1_r_k(%r: tensor<?x64xf32>, %k: tensor<?x64xf32>, %v: tensor<?x64xf32>, %r_k: tensor<32xf32>) {
  // expected-error @+1 {{'r_k' has 32 channels, but 'r' has 64}}
  %0 = rwkv.bonus %r, %k, %v, %r_k {groups = 2} : tensor<?x64xf32>, tensor<32xf32>
  return
}

// -----

func.func @bonus_c2_groups(%r: tensor<?x64xf32>, %k: tensor<?x64xf32>, %v: tensor<?x64xf32>, %r_k: tensor<64xf32>) {
  // expected-error @+1 {{'r' has 64 channels, which 'groups' = 7 does not divide}}
  %0 = rwkv.bonus %r, %k, %v, %r_k {groups = 7} : tensor<?x64xf32>, tensor<64xf32>
  return
}
