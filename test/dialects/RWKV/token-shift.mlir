// RUN: rwkv-opt %s --verify-roundtrip | FileCheck %s
// Hands on the rows before and the state after.

// CHECK-LABEL: @token_shift
func.func @token_shift(%x: tensor<?x64xf32>, %s: tensor<64xf32>) -> (tensor<?x64xf32>, tensor<64xf32>) {
  // CHECK: %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} = rwkv.token_shift %{{[a-z0-9]+}} from %{{[a-z0-9]+}} : tensor<?x64xf32>, tensor<64xf32>
  %before, %last = rwkv.token_shift %x from %s : tensor<?x64xf32>, tensor<64xf32>
  return %before, %last : tensor<?x64xf32>, tensor<64xf32>
}
