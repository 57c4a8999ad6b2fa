// RUN: rwkv-opt %s --verify-roundtrip | FileCheck %s
// Multiplies every row with one vector of any float type.

// CHECK-LABEL: @scale
func.func @scale(%x: tensor<?x64xf32>, %v: tensor<64xf16>) -> tensor<?x64xf32> {
  // CHECK: rwkv.scale %{{[a-z0-9]+}} by %{{[a-z0-9]+}} : tensor<?x64xf32>, tensor<64xf16>
  %0 = rwkv.scale %x by %v : tensor<?x64xf32>, tensor<64xf16>
  return %0 : tensor<?x64xf32>
}
