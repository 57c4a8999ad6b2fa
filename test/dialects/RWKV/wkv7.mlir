// RUN: rwkv-opt %s --verify-roundtrip | FileCheck %s
// Six sequences, one state; heads are known from the state alone.

// CHECK-LABEL: @wkv7
func.func @wkv7(%r: tensor<?x64xf32>, %k: tensor<?x64xf32>, %v: tensor<?x64xf32>, %w: tensor<?x64xf32>, %a: tensor<?x64xf32>, %b: tensor<?x64xf32>, %s: tensor<2x32x32xf32>) -> tensor<?x64xf32> {
  // CHECK: rwkv.wkv7 %{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}} state %{{[a-z0-9]+}} : tensor<?x64xf32>, tensor<2x32x32xf32>
  %0:2 = rwkv.wkv7 %r, %w, %k, %v, %a, %b state %s : tensor<?x64xf32>, tensor<2x32x32xf32>
  return %0#0 : tensor<?x64xf32>
}

// CHECK-LABEL: @wkv7_one_small_head
func.func @wkv7_one_small_head(%r: tensor<?x8xf32>, %k: tensor<?x8xf32>, %v: tensor<?x8xf32>, %w: tensor<?x8xf32>, %a: tensor<?x8xf32>, %b: tensor<?x8xf32>, %s: tensor<1x8x8xf32>) -> tensor<?x8xf32> {
  // CHECK: rwkv.wkv7 %{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}} state %{{[a-z0-9]+}} : tensor<?x8xf32>, tensor<1x8x8xf32>
  %0:2 = rwkv.wkv7 %r, %w, %k, %v, %a, %b state %s : tensor<?x8xf32>, tensor<1x8x8xf32>
  return %0#0 : tensor<?x8xf32>
}
