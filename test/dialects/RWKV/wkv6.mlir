// RUN: rwkv-opt %s --verify-roundtrip | FileCheck %s
// The decay is a sequence like r, k and v.

// CHECK-LABEL: @wkv6
func.func @wkv6(%r: tensor<?x64xf32>, %k: tensor<?x64xf32>, %v: tensor<?x64xf32>, %w: tensor<?x64xf32>, %u: tensor<64xbf16>, %s: tensor<2x32x32xf32>) -> tensor<?x64xf32> {
  // CHECK: rwkv.wkv6 %{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}} bonus %{{[a-z0-9]+}} state %{{[a-z0-9]+}} : tensor<?x64xf32>, tensor<64xbf16>, tensor<2x32x32xf32>
  %0:2 = rwkv.wkv6 %r, %w, %k, %v bonus %u state %s
      : tensor<?x64xf32>, tensor<64xbf16>, tensor<2x32x32xf32>
  return %0#0 : tensor<?x64xf32>
}
