// RUN: rwkv-opt %s --pass-pipeline="builtin.module(func.func(kernel-expect-zeros{zeros=0.8}))" | FileCheck %s

// One reads a squared relu; of the others, the first does not, and the second has outputs that leave a fifth of their blocks
// empty.
// CHECK-LABEL: @products
// CHECK-NOT: zeros
// CHECK: %[[W:.*]] = kernel.gemm {{.*}} zeros 8.000000e-01 {
// CHECK-NOT: zeros
// CHECK: return %[[W]], %
func.func @products(%x: tensor<?x64xf32>) -> (tensor<?x128xf32>, tensor<?x128xf32>, tensor<?x100xf32>) {
  %key = weight.tensor "key" stored "bf16" : tensor<256x64xbf16>
  %value = weight.tensor "value" stored "bf16" : tensor<128x256xbf16>
  %few = weight.tensor "few" stored "bf16" : tensor<100x256xbf16>
  %k = kernel.gemm %x, %key {
  ^bb0(%acc: f32):
    %one = arith.constant 1.0 : f32
    %most = arith.maximumf %acc, %one : f32
    %square = arith.mulf %most, %most : f32
    kernel.yield %square : f32
  } : tensor<?x64xf32>, tensor<256x64xbf16> -> tensor<?x256xf32>
  %r = kernel.gemm %x, %key {
  ^bb0(%acc: f32):
    %zero = arith.constant 0.0 : f32
    %relu = arith.maximumf %acc, %zero : f32
    %square = arith.mulf %relu, %relu : f32
    kernel.yield %square : f32
  } : tensor<?x64xf32>, tensor<256x64xbf16> -> tensor<?x256xf32>
  %y = kernel.gemm %k, %value {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x256xf32>, tensor<128x256xbf16> -> tensor<?x128xf32>
  %w = kernel.gemm %r, %value {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x256xf32>, tensor<128x256xbf16> -> tensor<?x128xf32>
  %z = kernel.gemm %r, %few {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } : tensor<?x256xf32>, tensor<100x256xbf16> -> tensor<?x100xf32>
  return %w, %y, %z : tensor<?x128xf32>, tensor<?x128xf32>, tensor<?x100xf32>
}
