// RUN: rwkv-opt %s --verify-roundtrip | FileCheck %s
// The groups of a group norm are an attribute, not a dimension.

// CHECK-LABEL: @group_norm
func.func @group_norm(%x: tensor<?x64xf32>, %w: tensor<64xbf16>, %b: tensor<64xf32>) -> tensor<?x64xf32> {
  // CHECK: rwkv.group_norm %{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}} {eps = 6.400000e-04 : f64, groups = 2 : i64} : tensor<?x64xf32>, tensor<64xbf16>, tensor<64xf32>
  %0 = rwkv.group_norm %x, %w, %b {eps = 6.4e-4, groups = 2} : tensor<?x64xf32>, tensor<64xbf16>, tensor<64xf32>
  return %0 : tensor<?x64xf32>
}
