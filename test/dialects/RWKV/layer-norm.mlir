// RUN: rwkv-opt %s --verify-roundtrip | FileCheck %s
// Scale and offset may be stored in different types.

// CHECK-LABEL: @layer_norm
func.func @layer_norm(%x: tensor<?x64xf32>, %w: tensor<64xbf16>, %b: tensor<64xf32>) -> tensor<?x64xf32> {
  // CHECK: rwkv.layer_norm %{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}} {eps = 1.000000e-05 : f64} : tensor<?x64xf32>, tensor<64xbf16>, tensor<64xf32>
  %0 = rwkv.layer_norm %x, %w, %b {eps = 1.0e-5} : tensor<?x64xf32>, tensor<64xbf16>, tensor<64xf32>
  return %0 : tensor<?x64xf32>
}
