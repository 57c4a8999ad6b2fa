// RUN: rwkv-opt %s --verify-roundtrip | FileCheck %s
// Weighs the current value head by head.

// CHECK-LABEL: @bonus
func.func @bonus(%r: tensor<?x64xf32>, %k: tensor<?x64xf32>, %v: tensor<?x64xf32>, %r_k: tensor<64xbf16>) -> tensor<?x64xf32> {
  // CHECK: rwkv.bonus %{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}} {groups = 2 : i64} : tensor<?x64xf32>, tensor<64xbf16>
  %0 = rwkv.bonus %r, %k, %v, %r_k {groups = 2} : tensor<?x64xf32>, tensor<64xbf16>
  return %0 : tensor<?x64xf32>
}
