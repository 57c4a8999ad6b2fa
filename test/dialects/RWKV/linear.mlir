// RUN: rwkv-opt %s --verify-roundtrip | FileCheck %s
// Weights and biases keep the type they are stored in; the result is f32.

// CHECK-LABEL: @linear
func.func @linear(%x: tensor<?x64xf32>, %w: tensor<96x64xf16>) -> tensor<?x96xf32> {
  // CHECK: rwkv.linear %{{[a-z0-9]+}}, %{{[a-z0-9]+}} : tensor<?x64xf32>, tensor<96x64xf16>
  %0 = rwkv.linear %x, %w : tensor<?x64xf32>, tensor<96x64xf16>
  return %0 : tensor<?x96xf32>
}

// CHECK-LABEL: @linear_bias
func.func @linear_bias(%x: tensor<?x64xf32>, %w: tensor<96x64xbf16>, %b: tensor<96xf32>) -> tensor<?x96xf32> {
  // CHECK: rwkv.linear %{{[a-z0-9]+}}, %{{[a-z0-9]+}} bias %{{[a-z0-9]+}} : tensor<?x64xf32>, tensor<96x64xbf16>, tensor<96xf32>
  %0 = rwkv.linear %x, %w bias %b : tensor<?x64xf32>, tensor<96x64xbf16>, tensor<96xf32>
  return %0 : tensor<?x96xf32>
}
