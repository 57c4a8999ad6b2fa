// RUN: rwkv-opt %s --verify-roundtrip | FileCheck %s
// Three states of one number a channel go in and come out.

// CHECK-LABEL: @wkv4
func.func @wkv4(%k: tensor<?x64xf32>, %v: tensor<?x64xf32>, %w: tensor<64xf32>, %u: tensor<64xbf16>, %aa: tensor<64xf32>, %bb: tensor<64xf32>, %pp: tensor<64xf32>) -> tensor<?x64xf32> {
  // CHECK: rwkv.wkv4 %{{[a-z0-9]+}}, %{{[a-z0-9]+}} decay %{{[a-z0-9]+}} bonus %{{[a-z0-9]+}} states %{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}} : tensor<?x64xf32>, tensor<64xf32>, tensor<64xbf16>, tensor<64xf32>
  %0:4 = rwkv.wkv4 %k, %v decay %w bonus %u states %aa, %bb, %pp
      : tensor<?x64xf32>, tensor<64xf32>, tensor<64xbf16>, tensor<64xf32>
  return %0#0 : tensor<?x64xf32>
}
