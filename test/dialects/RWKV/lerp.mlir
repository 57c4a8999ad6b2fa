// RUN: rwkv-opt %s --verify-roundtrip | FileCheck %s
// The amount is one number a channel, or one a channel and row.

// CHECK-LABEL: @lerp_vector
func.func @lerp_vector(%x: tensor<?x64xf32>, %y: tensor<?x64xf32>, %mix: tensor<64xbf16>) -> tensor<?x64xf32> {
  // CHECK: rwkv.lerp %{{[a-z0-9]+}}, %{{[a-z0-9]+}} by %{{[a-z0-9]+}} : tensor<?x64xf32>, tensor<64xbf16>
  %0 = rwkv.lerp %x, %y by %mix : tensor<?x64xf32>, tensor<64xbf16>
  return %0 : tensor<?x64xf32>
}

// CHECK-LABEL: @lerp_rows
func.func @lerp_rows(%x: tensor<?x64xf32>, %y: tensor<?x64xf32>, %mix: tensor<?x64xf32>) -> tensor<?x64xf32> {
  // CHECK: rwkv.lerp %{{[a-z0-9]+}}, %{{[a-z0-9]+}} by %{{[a-z0-9]+}} : tensor<?x64xf32>, tensor<?x64xf32>
  %0 = rwkv.lerp %x, %y by %mix : tensor<?x64xf32>, tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}
