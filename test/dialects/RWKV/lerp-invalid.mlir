// RUN: rwkv-opt %s --split-input-file --verify-diagnostics
// Every constraint of rwkv.lerp has its diagnostic.

func.func @lerp_c1_vector(%x: tensor<?x64xf32>, %y: tensor<?x64xf32>, %mix: tensor<32xf32>) {
  // expected-error @+1 {{'mix' has 32 channels, but 'x' has 64}}
  %0 = rwkv.lerp %x, %y by %mix : tensor<?x64xf32>, tensor<32xf32>
  return
}

// -----

func.func @lerp_c1_rows(%x: tensor<?x64xf32>, %y: tensor<?x64xf32>, %mix: tensor<3x64xf32>) {
  // expected-error @+1 {{'mix' is 'tensor<3x64xf32>', but 'x' is 'tensor<?x64xf32>'}}
  %0 = rwkv.lerp %x, %y by %mix : tensor<?x64xf32>, tensor<3x64xf32>
  return
}
