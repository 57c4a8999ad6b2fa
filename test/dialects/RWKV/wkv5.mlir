// RUN: rwkv-opt %s --verify-roundtrip | FileCheck %s
// Decay and bonus are vectors, the state a matrix a head.

// CHECK-LABEL: @wkv5
func.func @wkv5(%r: tensor<?x64xf32>, %k: tensor<?x64xf32>, %v: tensor<?x64xf32>, %w: tensor<64xf32>, %u: tensor<64xbf16>, %s: tensor<2x32x32xf32>) -> tensor<?x64xf32> {
  // CHECK: rwkv.wkv5 %{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}} decay %{{[a-z0-9]+}} bonus %{{[a-z0-9]+}} state %{{[a-z0-9]+}} : tensor<?x64xf32>, tensor<64xf32>, tensor<64xbf16>, tensor<2x32x32xf32>
  %0:2 = rwkv.wkv5 %r, %k, %v decay %w bonus %u state %s
      : tensor<?x64xf32>, tensor<64xf32>, tensor<64xbf16>, tensor<2x32x32xf32>
  return %0#0 : tensor<?x64xf32>
}
